using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Policy;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Commands;

/// <summary>__org.guestwire_file-*: what is in the guest's filesystems, by name.</summary>
/// <param name="access">Says which names hosts may ask for and change.</param>
/// <param name="log">Hears of what changes.</param>
[SupportedOSPlatform("linux")]
internal sealed class FileTreeCommands(AccessPolicy access, IAgentLog log)
{
    private const long MaxMode = 0xFFF; // 07777
    private const uint DefaultMode = 0x1ED; // 0755
    private const long DefaultLimit = 1024;
    private const long MaxLimit = 4096;

    // Without waiting for a writer of a FIFO, and without taking a terminal over.
    private const int ReadFlags = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC;

    /// <summary>Asks what the filesystem knows of a file.</summary>
    internal GuestwireFileStatus Stat(in OrgGuestwireFileStatArguments arguments)
    {
        string tried = Quoted("failed to ask for '", arguments.Path);
        using SafeFileHandle file = Find(CommandId.OrgGuestwireFileStat, arguments.Path, PathUse.Read, arguments.Follow, tried);
        return FileDescription.TryDescribe(file, "\0"u8, new AccountNames()) ?? throw Errno.ToQapi(tried);
    }

    /// <summary>Lists a part of a directory.</summary>
    internal GuestwireDirectoryList List(in OrgGuestwireFileListArguments arguments)
    {
        long limit = ArgumentRange.Check(arguments.Limit ?? DefaultLimit, 1, MaxLimit, "limit");
        long cursor = ArgumentRange.Check(arguments.Cursor ?? 0, 0, long.MaxValue, "cursor");
        string tried = Quoted("failed to list '", arguments.Path);
        using SafeFileHandle directory = access.Open(
            CommandId.OrgGuestwireFileList, arguments.Path, PathUse.Read, ReadFlags | Libc.O_DIRECTORY);
        return directory.IsInvalid ? throw Errno.ToQapi(tried) : DirectoryPage.Read(directory, cursor, (int)limit, tried);
    }

    /// <summary>Makes a directory, and those above it when it is asked for.</summary>
    internal void MakeDirectory(in OrgGuestwireFileMakeDirectoryArguments arguments)
    {
        string path = arguments.Path;
        uint mode = (uint)ArgumentRange.Check(arguments.Mode ?? DefaultMode, 0, MaxMode, "mode");
        log.Account("__org.guestwire_file-make-directory called, path: " + path);
        string tried = Quoted("failed to make directory '", path);
        if (arguments.Parents != true)
        {
            MakeOne(path, mode, tried);
            return;
        }

        // From the end up, so that nothing is asked for above what a rule names.
        List<string> missing = [];
        for (string one = path.TrimEnd('/'); one.Length > 0 && !IsDirectory(one, tried); one = one[..Math.Max(one.LastIndexOf('/'), 0)].TrimEnd('/'))
        {
            missing.Add(one);
        }

        for (int i = missing.Count - 1; i >= 0; i--)
        {
            MakeOne(missing[i], i == 0 ? mode : DefaultMode, tried, mayExist: true);
        }
    }

    /// <summary>Removes a name, and what is below it when that is asked for.</summary>
    internal void Remove(in OrgGuestwireFileRemoveArguments arguments)
    {
        log.Account("__org.guestwire_file-remove called, path: " + arguments.Path);
        string tried = Quoted("failed to remove '", arguments.Path);
        using FilePlace place = PlaceOf(CommandId.OrgGuestwireFileRemove, arguments.Path, tried);
        if (place.Name[(place.Name.LastIndexOf('/') + 1)..] is "" or "." or "..")
        {
            // No name that could be taken away, but a way to all that is there.
            throw Errno.ToQapi(tried, Errno.EINVAL);
        }

        if (Libc.UnlinkAt(place.Folder, place.Name, 0) == 0)
        {
            return;
        }

        // EPERM is what POSIX has of a directory, and what a file says that must not be removed.
        int errno = Errno.Last;
        if (errno is not (Errno.EISDIR or Errno.EPERM))
        {
            throw Errno.ToQapi(tried, errno);
        }

        if (Libc.UnlinkAt(place.Folder, place.Name, Libc.AT_REMOVEDIR) == 0)
        {
            return;
        }

        if (arguments.Recursive != true || Errno.Last is not (Errno.ENOTEMPTY or Errno.EEXIST))
        {
            throw Errno.ToQapi(tried, Errno.Last == Errno.ENOTDIR ? errno : Errno.Last);
        }

        TreeRemoval.Remove(place.Folder, place.Name, tried);
    }

    /// <summary>Gives a name another one.</summary>
    internal void Rename(in OrgGuestwireFileRenameArguments arguments)
    {
        log.Account("__org.guestwire_file-rename called, path: " + arguments.Path + ", to: " + arguments.To);
        string tried = Quoted("failed to rename '", arguments.Path) + " to '" + arguments.To + "'";
        using FilePlace from = PlaceOf(CommandId.OrgGuestwireFileRename, arguments.Path, tried);
        using FilePlace to = PlaceOf(CommandId.OrgGuestwireFileRename, arguments.To, tried);
        uint flags = arguments.Replace == false ? Libc.RENAME_NOREPLACE : 0;
        Require(Libc.RenameAt(from.Folder, from.Name, to.Folder, to.Name, flags) == 0, tried);
    }

    /// <summary>Changes what the filesystem knows of a file.</summary>
    internal void SetAttributes(in OrgGuestwireFileSetAttributesArguments arguments)
    {
        const CommandId Command = CommandId.OrgGuestwireFileSetAttributes;
        string path = arguments.Path;
        AttributeChange attributes = new()
        {
            Mode = arguments.Mode is { } mode ? (uint)ArgumentRange.Check(mode, 0, MaxMode, "mode") : null,
            SizeBytes = arguments.SizeBytes is { } size ? ArgumentRange.Check(size, 0, long.MaxValue, "size-bytes") : null,
            UserId = arguments.User is { } user ? AccountNames.FindUser(user) : null,
            GroupId = arguments.Group is { } group ? AccountNames.FindGroup(group) : null,
            ModifiedNs = arguments.ModifiedNs,
            AccessedNs = arguments.AccessedNs,
        };
        log.Account("__org.guestwire_file-set-attributes called, path: " + path);
        string tried = Quoted("failed to change the attributes of '", path);
        using SafeFileHandle file = Find(Command, path, PathUse.Write, arguments.Follow, tried);
        Require(Libc.StatOpen(file, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, out Libc.StatX status) == 0, tried);
        if (attributes.FaultFor(status) is { } fault)
        {
            throw new QapiException(tried + ": " + fault);
        }

        // Who may write to a folder shall not make programs there that run as root.
        if (access.LimitsWrites && status.IsRegularFile && (attributes.Mode & (Libc.S_ISUID | Libc.S_ISGID)) is not (null or 0))
        {
            access.RefusePath(Command, path);
        }

        attributes.ApplyTo(file, tried);
    }

    /// <summary>Makes a link.</summary>
    internal void Link(in OrgGuestwireFileLinkArguments arguments)
    {
        log.Account("__org.guestwire_file-link called, path: " + arguments.Path + ", target: " + arguments.Target);
        string tried = Quoted("failed to link '", arguments.Path) + " to '" + arguments.Target + "'";
        using FilePlace place = PlaceOf(CommandId.OrgGuestwireFileLink, arguments.Path, tried);
        if (arguments.Symbolic != false)
        {
            Require(Libc.SymbolicLinkAt(arguments.Target, place.Folder, place.Name) == 0, tried);
            return;
        }

        using FilePlace target = PlaceOf(CommandId.OrgGuestwireFileLink, arguments.Target, tried);
        Require(Libc.HardLinkAt(target.Folder, target.Name, place.Folder, place.Name, 0) == 0, tried);
    }

    /// <summary>Reads a part of a file for its checksum.</summary>
    internal GuestwireFileChecksum Checksum(in OrgGuestwireFileChecksumArguments arguments)
    {
        long offset = ArgumentRange.Check(arguments.Offset ?? 0, 0, long.MaxValue, "offset");
        long count = ArgumentRange.Check(arguments.Count ?? long.MaxValue, 0, long.MaxValue, "count");
        string tried = Quoted("failed to read '", arguments.Path);
        using SafeFileHandle file = access.Open(CommandId.OrgGuestwireFileChecksum, arguments.Path, PathUse.Read, ReadFlags);
        Require(!file.IsInvalid, tried);
        Require(Libc.StatOpen(file, "", Libc.AT_EMPTY_PATH, Libc.STATX_TYPE, out Libc.StatX status) == 0, tried);
        return status.IsRegularFile ? FileDigest.Read(file, offset, count, tried) : throw new QapiException(tried + ": it is no regular file");
    }

    private bool IsDirectory(string path, string tried)
    {
        using SafeFileHandle there = access.Open(
            CommandId.OrgGuestwireFileMakeDirectory, path, PathUse.Write, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        Require(!there.IsInvalid || Errno.Last == Errno.ENOENT, tried);
        return !there.IsInvalid;
    }

    private void MakeOne(string path, uint mode, string tried, bool mayExist = false)
    {
        using FilePlace place = PlaceOf(CommandId.OrgGuestwireFileMakeDirectory, path, tried);
        if (Libc.MakeDirectoryAt(place.Folder, place.Name, mode) < 0)
        {
            // Somebody else may have made it just now; a link that leads nowhere has always been there.
            int errno = Errno.Last;
            Require(mayExist && errno == Errno.EEXIST && IsDirectory(path, tried), tried, errno);
            return;
        }

        // The umask may have taken bits away, and mkdir(2) knows none but permissions and the sticky bit.
        using SafeFileHandle made = Libc.OpenAt(
            place.Folder, place.Name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        if (made.IsInvalid || Libc.ChangeMode(made, mode) < 0)
        {
            QapiException failure = Errno.ToQapi(tried);
            Libc.UnlinkAt(place.Folder, place.Name, Libc.AT_REMOVEDIR);
            throw failure;
        }
    }

    private SafeFileHandle Find(CommandId command, string path, PathUse use, bool? follow, string tried)
    {
        int flags = Libc.O_PATH | Libc.O_CLOEXEC | (follow == false ? Libc.O_NOFOLLOW : 0);
        SafeFileHandle file = access.Open(command, path, use, flags);
        return file.IsInvalid ? throw Errno.ToQapi(tried) : file;
    }

    private FilePlace PlaceOf(CommandId command, string path, string tried) => access.TryPlace(command, path) ?? throw Errno.ToQapi(tried);

    private static void Require(bool succeeded, string tried) => Require(succeeded, tried, Errno.Last);

    private static void Require(bool succeeded, string tried, int errno)
    {
        if (!succeeded)
        {
            throw Errno.ToQapi(tried, errno);
        }
    }

    // Joined, not interpolated: that would take a buffer from the runtime's pool, and a long path would leave one as long there for good.
    private static string Quoted(string tried, string path) => tried + path + "'";
}
