using System.Runtime.InteropServices;
using System.Text;
using Guestwire.Agent.Platform.Linux;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class MutatedTextTests
{
    private const int Rounds = 20_000;

    private static readonly byte[][] Seeds =
    [
        Encoding.UTF8.GetBytes("cpu  1 2 3 4\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\n"),
        Encoding.UTF8.GetBytes("   8       0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n   8 1 sda1 1 2 3 4\n"),
        Encoding.UTF8.GetBytes("face |bytes\n  lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"),
        Encoding.UTF8.GetBytes("eth7\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"),
        Encoding.UTF8.GetBytes("20010db8000000000000000000000000 40 00000000000000000000000000000000 00 fe800000000000000000000000000001 100 1 2 3 lo\n"),
        Encoding.UTF8.GetBytes("27 1 254:0 / /a\\040b rw shared:1 - ext4 /dev/vda rw\n/dev/vda / ext4 rw 0 0\n"),
        Encoding.UTF8.GetBytes("# c\nID=\"a\\$b\" x\nNAME='q' # d\nVERSION_ID=a\\ b;c\n"),
        Encoding.UTF8.GetBytes("0-3,7,9-12\n"),
        Encoding.UTF8.GetBytes("6.1.0-18-amd64"),
        Encoding.UTF8.GetBytes("USER=alice\nCLASS=user\nSTATE=active\nREALTIME=1500000\n"),
    ];

    [Fact]
    public void No_text_makes_a_parser_throw()
    {
        Random random = new(20260101);
        int understood = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] text = [.. Seeds[random.Next(Seeds.Length)]];
            for (int change = random.Next(6); change > 0; change--)
            {
                text[random.Next(text.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : text[random.Next(text.Length)];
            }

            understood += ParseWithAll(text.AsSpan(0, random.Next(text.Length + 1)));
        }

        Assert.True(understood > Rounds / 10, "The seeds are no longer what the parsers read.");
    }

    private static int ParseWithAll(ReadOnlySpan<byte> text)
    {
        List<Protocol.GuestNetworkRoute> routes = [];
        RouteTable.ParseVersion4(text, routes);
        RouteTable.ParseVersion6(text, routes);
        return routes.Count + ProcessorTimes.Parse(text, 100).Count + DiskCounters.Parse(text).Count + InterfaceCounters.Parse(text).Count
            + MountText.ParseMountInfo(text).Count + MountText.ParseMounts(text).Count + OsRelease.Parse(text).Count
            + (ProcessorList.TryParse(text) is null ? 0 : 1) + (KernelRelease.TryParse(text) is null ? 0 : 1)
            + (LogindSession.TryParse(text, out _, out _) ? 1 : 0)
            + UtmpRecords.Parse(text, Architecture.X64).Count;
    }
}
