using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// A child that leads a session, and all that it started and that did not leave the session: also in other process groups, as timeout(1)
/// and shells with job control make them. The child must not have been reaped.
/// </summary>
/// <param name="leader">The child.</param>
/// <param name="proc">Where procfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class ProcessSession(int leader, string proc = "/proc")
{
    /// <summary>How often new members are looked for, which were started while the others were killed. Our own limit.</summary>
    private const int MaxRounds = 10;

    /// <summary>Sends a signal to every member.</summary>
    internal void Signal(int signal)
    {
        // The child's own group at once, and without /proc.
        Libc.Kill(-leader, signal);
        SignalOthers(signal);
    }

    /// <summary>Kills every member, also those that come while it does so.</summary>
    internal void Kill()
    {
        Signal(Libc.SIGKILL);
        for (int round = 1; round < MaxRounds && SignalOthers(Libc.SIGKILL); round++)
        {
        }
    }

    /// <summary>Sends a signal to the members outside of the child's own group.</summary>
    /// <returns>Whether there are any.</returns>
    private bool SignalOthers(int signal)
    {
        bool any = false;
        foreach (string name in PseudoFile.TryList(proc, out _) ?? [])
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && IsOtherMember(number))
            {
                any = true;
                Libc.Kill(number, signal);
            }
        }

        return any;
    }

    /// <remarks>
    /// <c>/proc/PID/stat</c> is "pid (name) state parent group session ...", and a name may hold anything, parentheses and blanks too.
    /// Source: proc_pid_stat(5).
    /// </remarks>
    private bool IsOtherMember(int number)
    {
        Span<byte> stat = stackalloc byte[512];
        int count = PseudoFile.TryRead($"{proc}/{number.ToString(CultureInfo.InvariantCulture)}/stat", stat, out _);
        TextFields fields = new(stat[(stat[..Math.Max(count, 0)].LastIndexOf((byte)')') + 1)..Math.Max(count, 0)]);
        return fields.TryRead(out ReadOnlySpan<byte> state) && !state.SequenceEqual("Z"u8)
            && fields.TryRead(out ulong _) && fields.TryRead(out ulong group) && fields.TryRead(out ulong session)
            && session == (ulong)leader && group != (ulong)leader;
    }
}
