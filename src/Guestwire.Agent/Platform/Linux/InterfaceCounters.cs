using System.Diagnostics.CodeAnalysis;
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
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (TryParse(line, out ReadOnlySpan<byte> name, out GuestNetworkInterfaceStat? counters))
            {
                byName[Encoding.UTF8.GetString(name)] = counters;
            }
        }

        return byName;
    }

    /// <summary>Reads a line.</summary>
    /// <returns>False when it is not as it should be.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, [NotNullWhen(true)] out GuestNetworkInterfaceStat? counters)
    {
        name = default;
        counters = null;

        // The last one, because an alias has a colon in its name.
        int colon = line.LastIndexOf((byte)':');
        if (colon < 0)
        {
            return false;
        }

        TextFields fields = new(line[(colon + 1)..]);
        Span<ulong> numbers = stackalloc ulong[FirstSent + 4];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!fields.TryRead(out numbers[i]))
            {
                return false;
            }
        }

        name = line[..colon].Trim((byte)' ');
        counters = new GuestNetworkInterfaceStat
        {
            RxBytes = numbers[0],
            RxPackets = numbers[1],
            RxErrs = numbers[2],
            RxDropped = numbers[3],
            TxBytes = numbers[FirstSent],
            TxPackets = numbers[FirstSent + 1],
            TxErrs = numbers[FirstSent + 2],
            TxDropped = numbers[FirstSent + 3],
        };
        return true;
    }
}
