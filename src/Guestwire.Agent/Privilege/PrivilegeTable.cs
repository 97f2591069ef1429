using Guestwire.Agent.Commands;
using Guestwire.Agent.Policy;

namespace Guestwire.Agent.Privilege;

/// <summary>
/// What each command needs beyond what user 0 may do by owning the system's files: its own calls and those of the programs that it runs.
/// A command that the rules close is not asked for here. What the machine has is looked at only when a command depends on it.
/// </summary>
/// <param name="rules">What the administrator decided: a rule about paths says what files need.</param>
/// <param name="hasHook">Whether a program of the administrator's is called around a freeze: nobody knows what that one needs.</param>
/// <param name="hasNvme">Whether the machine has disks that are asked for their health.</param>
internal sealed class PrivilegeTable(AccessRules rules, Lazy<bool> hasHook, Lazy<bool> hasNvme)
{
    /// <summary>FIFREEZE, FITHAW and FITRIM; and to reach mount points in folders that only their owner may enter.</summary>
    internal const Capabilities Freeze = Capabilities.SysAdmin | Capabilities.DacReadSearch;

    /// <summary>
    /// To make, move, remove and link names wherever they are, and to set the mode of others' files. Not to write to a file that keeps set-user-ID.
    /// </summary>
    internal const Capabilities FileNames = Capabilities.DacOverride | Capabilities.FOwner;

    // Where files are no files: the kernel asks for any capability there, depending on which file it is.
    private static readonly string[] s_kernelFolders = ["/proc", "/sys", "/dev"];

    /// <summary>What a command needs.</summary>
    internal Capabilities Of(CommandId command) => command switch
    {
        // Facts that everybody may read, and what concerns the conversation alone.
        CommandId.GuestSync or CommandId.GuestSyncDelimited or CommandId.GuestPing or CommandId.GuestInfo
            or CommandId.GuestGetTime or CommandId.GuestGetTimezone or CommandId.GuestGetHostName or CommandId.GuestGetOsinfo
            or CommandId.GuestGetUsers or CommandId.GuestGetLoad or CommandId.GuestGetCpustats or CommandId.GuestGetDiskstats
            or CommandId.GuestGetVcpus or CommandId.GuestGetMemoryBlocks or CommandId.GuestGetMemoryBlockInfo
            or CommandId.GuestNetworkGetInterfaces or CommandId.GuestNetworkGetRoute or CommandId.GuestGetDevices
            or CommandId.GuestFsfreezeStatus or CommandId.OrgGuestwireGetMemory or CommandId.OrgGuestwireGetProcesses => Capabilities.None,

        // Attributes in sysfs that belong to user 0, and no more is asked.
        CommandId.GuestSetVcpus or CommandId.GuestSetMemoryBlocks => Capabilities.None,

        // clock_settime(2), and RTC_SET_TIME of a hardware clock.
        CommandId.GuestSetTime => Capabilities.SysTime,

        // statvfs(3) of mount points in folders that only their owner may enter.
        CommandId.GuestGetFsinfo => Capabilities.DacReadSearch,

        // NVME_IOCTL_ADMIN_CMD for the health of a disk.
        CommandId.GuestGetDisks => hasNvme.Value ? Capabilities.SysAdmin : Capabilities.None,

        CommandId.GuestFstrim => Freeze,
        CommandId.GuestFsfreezeFreeze or CommandId.GuestFsfreezeFreezeList or CommandId.GuestFsfreezeThaw =>
            hasHook.Value ? Capabilities.All : Freeze,

        // systemctl, whose word counts for systemd and logind when it has this one; other inits' programs call reboot(2).
        CommandId.GuestShutdown or CommandId.GuestSuspendRam or CommandId.GuestSuspendDisk or CommandId.GuestSuspendHybrid =>
            Capabilities.SysBoot,

        // chpasswd: a new /etc/shadow with the old one's group, whatever mode it has, and an entry in the audit log, without which PAM fails.
        CommandId.GuestSetUserPassword => Capabilities.Chown | Capabilities.DacOverride | Capabilities.AuditWrite,

        // A folder that only its user may enter; files that become theirs, and whose mode is set then.
        CommandId.GuestSshGetAuthorizedKeys => Capabilities.DacReadSearch,
        CommandId.GuestSshAddAuthorizedKeys or CommandId.GuestSshRemoveAuthorizedKeys =>
            Capabilities.Chown | Capabilities.DacOverride | Capabilities.FOwner,

        CommandId.GuestFileOpen => OfPaths(rules.ReadPaths, Capabilities.DacReadSearch) | OfPaths(rules.WritePaths, Capabilities.DacOverride),
        CommandId.GuestFileClose or CommandId.GuestFileRead or CommandId.GuestFileWrite or CommandId.GuestFileSeek
            or CommandId.GuestFileFlush => Capabilities.None,

        CommandId.OrgGuestwireFileStat or CommandId.OrgGuestwireFileList or CommandId.OrgGuestwireFileChecksum =>
            OfPaths(rules.ReadPaths, Capabilities.DacReadSearch),

        // Names in folders where only their owners may touch them.
        CommandId.OrgGuestwireFileMakeDirectory or CommandId.OrgGuestwireFileRemove or CommandId.OrgGuestwireFileRename
            or CommandId.OrgGuestwireFileLink => OfPaths(rules.WritePaths, FileNames),
        CommandId.OrgGuestwireFileSetAttributes => OfPaths(rules.WritePaths, FileNames | Capabilities.Chown),

        CommandId.GuestExec => Capabilities.All,
        CommandId.GuestExecStatus or CommandId.OrgGuestwireExecRead or CommandId.OrgGuestwireExecWrite
            or CommandId.OrgGuestwireExecSignal => Capabilities.None,
        _ => throw new ArgumentOutOfRangeException(nameof(command), "a command without a line in this table"),
    };

    /// <summary>Whether a command runs programs that others choose, setuid ones perhaps.</summary>
    internal bool RunsForeignPrograms(CommandId command) => command switch
    {
        CommandId.GuestExec => true,
        CommandId.GuestFsfreezeFreeze or CommandId.GuestFsfreezeFreezeList or CommandId.GuestFsfreezeThaw => hasHook.Value,
        _ => false,
    };

    // Without a rule the profile decided: unlimited in the full one, and in all others nothing.
    private Capabilities OfPaths(IReadOnlyList<string>? paths, Capabilities needed)
    {
        if (paths is null)
        {
            return rules.Profile == PolicyProfile.Full ? Capabilities.All : Capabilities.None;
        }

        Capabilities all = Capabilities.None;
        foreach (string path in paths)
        {
            all |= LeadsToKernel(path) ? Capabilities.All : needed;
        }

        return all;
    }

    private static bool LeadsToKernel(string path)
    {
        string folder = path.TrimEnd('/');
        foreach (string kernel in s_kernelFolders)
        {
            if (folder.Length == 0 || folder == kernel || folder.StartsWith(kernel + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
