using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Privilege;
using Guestwire.Protocol;

namespace Guestwire.Agent.Daemon.Privilege;

/// <summary>
/// Gives up what the agent does not need, for itself and for all programs that it runs: capabilities(7), and with
/// <c>no_new_privs</c> the way back to them. Then it looks what the kernel says of each thread.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class PrivilegeDrop
{
    private const string Threads = "/proc/self/task";

    /// <summary>Gives up all but what is to be kept.</summary>
    /// <returns>Why that cannot be relied on; null when it can.</returns>
    internal static string? Apply(Privileges privileges)
    {
        if (privileges.AreAll)
        {
            return null;
        }

        EveryThread.Do(() => DropInThisThread(privileges));
        if (PseudoFile.TryList(Threads, out int errno) is not { } threads)
        {
            return $"cannot see whether privileges were given up: {Threads}: {Errno.Text(errno)}";
        }

        foreach (string thread in threads)
        {
            using ByteBuffer? status = PseudoFile.TryRead($"{Threads}/{thread}/status", out _);
            if (status is null || !IsWithin(status.Bytes, privileges))
            {
                return $"thread {thread} could not give up its privileges";
            }
        }

        return null;
    }

    /// <summary>Whether a thread has no more than what is kept.</summary>
    /// <param name="status">Its status: lines of a name, a colon, a tab and a value; sets of capabilities in hex. Source: proc_pid_status(5).</param>
    /// <param name="privileges">What is kept.</param>
    internal static bool IsWithin(ReadOnlySpan<byte> status, Privileges privileges)
    {
        int seen = 0;
        TextLines lines = new(status);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("CapInh:"u8) || line.StartsWith("CapPrm:"u8) || line.StartsWith("CapAmb:"u8))
            {
                seen++;
                if (!ulong.TryParse(line[7..].Trim("\t "u8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong set)
                    || (set & ~(ulong)privileges.Kept) != 0)
                {
                    return false;
                }
            }
            else if (line.StartsWith("NoNewPrivs:"u8))
            {
                seen++;
                if (privileges.NoNewPrivileges && !line.EndsWith("\t1"u8))
                {
                    return false;
                }
            }
        }

        return seen == 4;
    }

    // No result is looked at here: Apply looks at what came of it.
    private static void DropInThisThread(Privileges privileges)
    {
        if (privileges.Kept != Capabilities.All)
        {
            DropCapabilities((ulong)privileges.Kept);
        }

        if (privileges.NoNewPrivileges)
        {
            _ = Libc.PrCtl(Libc.PR_SET_NO_NEW_PRIVS, 1);
        }
    }

    private static void DropCapabilities(ulong kept)
    {
        // First the bounding set, as long as we may. An agent that may not is bound by no_new_privs: a program gains nothing then.
        for (int number = 0; Libc.PrCtl(Libc.PR_CAPBSET_READ, (nuint)number) >= 0; number++)
        {
            if ((kept >> number & 1) == 0)
            {
                _ = Libc.PrCtl(Libc.PR_CAPBSET_DROP, (nuint)number);
            }
        }

        _ = Libc.PrCtl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_CLEAR_ALL);
        Libc.CapabilityHeader header = new() { Version = Libc.LINUX_CAPABILITY_VERSION_3 };
        if (Libc.CapGet(ref header, out Libc.CapabilitySets sets) == 0)
        {
            sets.EffectiveLow &= (uint)kept;
            sets.PermittedLow &= (uint)kept;
            sets.InheritableLow = 0;
            sets.EffectiveHigh &= (uint)(kept >> 32);
            sets.PermittedHigh &= (uint)(kept >> 32);
            sets.InheritableHigh = 0;
            _ = Libc.CapSet(ref header, sets);
        }
    }
}
