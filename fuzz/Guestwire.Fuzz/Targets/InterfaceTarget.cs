using System.Globalization;
using System.Text;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol;

namespace Guestwire.Fuzz.Targets;

/// <summary>The counters of network interfaces: written as the kernel writes them, they are read as the same.</summary>
internal sealed class InterfaceTarget : FuzzTarget
{
    internal override string Name => "interfaces";

    internal override string About => "/proc/net/dev";

    internal override InputShape Shape => InputShape.Lines;

    internal override IEnumerable<byte[]> Seeds => [SeedTexts.Named("net-dev.txt")];

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words("lo:", ":", "eth0:1:", "18446744073709551615", "18446744073709551616", "|", " 0 0 0 0");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        Dictionary<string, GuestNetworkInterfaceStat> counters = InterfaceCounters.Parse(input);
        StringBuilder text = new();
        foreach ((string name, GuestNetworkInterfaceStat one) in counters)
        {
            text.Append(CultureInfo.InvariantCulture, $" {name}: {one.RxBytes} {one.RxPackets} {one.RxErrs} {one.RxDropped} 0 0 0 0 ")
                .Append(CultureInfo.InvariantCulture, $"{one.TxBytes} {one.TxPackets} {one.TxErrs} {one.TxDropped} 0 0 0 0\n");
        }

        Dictionary<string, GuestNetworkInterfaceStat> again = InterfaceCounters.Parse(Encoding.UTF8.GetBytes(text.ToString()));
        Violation.UnlessSame(string.Join('\n', counters), string.Join('\n', again), "counters are read as they are written");
    }
}
