using System.Text;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// <c>/proc/net/dev</c>. Two lines of headings without a colon, then for each interface its name, a colon and sixteen
/// counters parted by blanks: received bytes packets errs drop fifo frame compressed multicast, sent bytes packets errs drop
/// fifo colls carrier compressed. Source: proc_pid_net(5).
/// </summary>
internal static class InterfaceCounters
{
    private const int FirstSent = 8;

    /// <summary>Reads the counters, by name of interface. A line that is not as it should be is passed over.</summary>
    internal static Dictionary<string, GuestNetworkInterfaceStat> Parse(ReadOnlySpan<byte> text)
    {
        Dictionary<string, GuestNetworkInterfaceStat> byName = [];
        TextLines lines = new(text);
        Span<ulong> counters = stackalloc ulong[FirstSent + 4];
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            // The last one, because an alias has a colon in its name.
            int colon = line.LastIndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            TextFields fields = new(line[(colon + 1)..]);
            int count = 0;
            while (count < counters.Length && fields.TryRead(out counters[count]))
            {
                count++;
            }

            if (count == counters.Length)
            {
                byName[Encoding.UTF8.GetString(line[..colon].Trim((byte)' '))] = new GuestNetworkInterfaceStat
                {
                    RxBytes = counters[0],
                    RxPackets = counters[1],
                    RxErrs = counters[2],
                    RxDropped = counters[3],
                    TxBytes = counters[FirstSent],
                    TxPackets = counters[FirstSent + 1],
                    TxErrs = counters[FirstSent + 2],
                    TxDropped = counters[FirstSent + 3],
                };
            }
        }

        return byName;
    }
}
