using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Shutdown by the programs of whatever init runs, without a word about which; sleep by systemd, pm-utils, or the kernel alone, whichever
/// is there and works, in this order.
/// </summary>
/// <param name="helper">Runs the programs.</param>
/// <param name="sbin">Where poweroff, halt, reboot and shutdown are.</param>
/// <param name="sysfs">Where sysfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class PowerControl(IHelperProgram helper, string sbin = "/sbin", string sysfs = "/sys") : IPowerControl
{
    /// <summary>How long the way into sleep may take: to disk, all memory is made room for and written. Our own limit.</summary>
    private static readonly TimeSpan s_sleepLimit = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public void ShutDown(ShutdownMode mode)
    {
        (string program, string flag) = mode switch
        {
            ShutdownMode.PowerDown => ("poweroff", "-P"),
            ShutdownMode.Halt => ("halt", "-H"),
            _ => ("reboot", "-r"),
        };
        string path = $"{sbin}/{program}";
        helper.Run(Libc.Access(path, Libc.X_OK) == 0
            ? new HelperStart("shutdown", path)
            : new HelperStart("shutdown", $"{sbin}/shutdown", "-h", flag, "+0", "hypervisor initiated shutdown"));
    }

    /// <inheritdoc/>
    public void Suspend(SuspendMode mode)
    {
        SuspendNames names = SuspendNames.Of(mode);

        // Every way gets its chance; of several failures the first is told, for it is the one of the way that should have worked.
        string? failure = null;
        if (!TryBySystemd(names, ref failure) && !TryByPmUtils(names, ref failure) && !TryByKernel(names, ref failure))
        {
            throw new QapiException(failure ?? "the requested suspend mode is not supported by the guest");
        }
    }

    private bool TryBySystemd(SuspendNames names, ref string? failure)
    {
        // An idle unit has status 3 (1 and 2 were dead ones, with files left); 4 is one that does not exist, 0 one that is at it.
        HelperEnd status = helper.TryRun(new HelperStart("suspend", "systemctl", "status", names.Unit));
        return status.ExitCode is >= 1 and <= 3 && TryRun(ref failure, "systemctl", names.Verb);
    }

    private bool TryByPmUtils(SuspendNames names, ref string? failure) =>
        helper.TryRun(new HelperStart("suspend", "pm-is-supported", names.PmFlag)).HasSucceeded
        && TryRun(ref failure, names.PmProgram);

    private bool TryRun(ref string? failure, string program, params string[] arguments)
    {
        HelperEnd end = helper.TryRun(new HelperStart("suspend", program, arguments) { Limit = s_sleepLimit });
        if (end.HasSucceeded)
        {
            return true;
        }

        string command = string.Join(' ', (string[])[program, .. arguments]);
        failure ??= end.IsNotExecuted
            ? $"the helper program '{command}' was not found"
            : end.ExitCode is int code
                ? $"the helper program '{command}' returned an unexpected exit status code ({code})"
                : end.DescribeFailure("suspend");
        return false;
    }

    private bool TryByKernel(SuspendNames names, ref string? failure)
    {
        if (names.KernelWord is not string word)
        {
            return false;
        }

        string path = sysfs + "/power/state";
        Span<byte> words = stackalloc byte[128];
        int count = PseudoFile.TryRead(path, words, out _);
        if (count < 0 || !Offers(words[..count], word))
        {
            return false;
        }

        if (PseudoFile.TryWrite(path, Encoding.ASCII.GetBytes(word), out int errno))
        {
            return true;
        }

        failure ??= $"suspend: cannot write to '{path}': {Errno.Text(errno)}";
        return false;
    }

    private static bool Offers(ReadOnlySpan<byte> states, string word)
    {
        TextFields fields = new(states.TrimEnd("\n"u8));
        while (fields.TryReadText(out string state))
        {
            if (state == word)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a way to sleep is called, from place to place.</summary>
    private sealed record SuspendNames(string Unit, string Verb, string PmFlag, string PmProgram, string? KernelWord)
    {
        internal static SuspendNames Of(SuspendMode mode) => mode switch
        {
            SuspendMode.Disk => new("systemd-hibernate", "hibernate", "--hibernate", "pm-hibernate", "disk"),
            SuspendMode.Ram => new("systemd-suspend", "suspend", "--suspend", "pm-suspend", "mem"),
            _ => new("systemd-hybrid-sleep", "hybrid-sleep", "--suspend-hybrid", "pm-suspend-hybrid", null),
        };
    }
}
