using System.Runtime.InteropServices;
using System.Text;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class UserFactsTests : IDisposable
{
    private const short UserProcess = 7;

    private readonly FileTree _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Each_user_comes_once_where_first_seen_with_the_earliest_login()
    {
        File.WriteAllBytes(
            _run.Root + "/utmp",
            [
                .. Record(2, "reboot", 1, 0), .. Record(UserProcess, "bob", 2000, 500_000), .. Record(8, "gone", 5, 0),
                .. Record(UserProcess, "alice", 1000, 0), .. Record(UserProcess, "bob", 1500, 250_000), .. Record(UserProcess, "alice", 3000, 0),
            ]);

        Assert.Equal(
            [new GuestUser { User = "bob", LoginTime = 1500.25 }, new GuestUser { User = "alice", LoginTime = 1000 }],
            new UserFacts(_run.Root + "/utmp", _run.Root).ListLoggedIn());
    }

    [Fact]
    public void A_name_may_fill_its_field_to_the_last_byte()
    {
        string name = new('x', 32);
        byte[] record = Record(UserProcess, name, 1, 0);
        record[76] = (byte)'h'; // the host begins where the name ends

        Assert.Equal(name, Assert.Single(UtmpRecords.Parse(record, Architecture.X64)).User);
    }

    [Fact]
    public void A_wide_record_has_its_times_in_eight_bytes()
    {
        byte[] record = new byte[400];
        BitConverter.TryWriteBytes(record, UserProcess);
        Encoding.ASCII.GetBytes("eve", record.AsSpan(44));
        BitConverter.TryWriteBytes(record.AsSpan(344), 5_000_000_000L);
        BitConverter.TryWriteBytes(record.AsSpan(352), 500_000L);

        Assert.Equal(("eve", 5_000_000_000.5), Assert.Single(UtmpRecords.Parse(record, Architecture.Arm64)));
    }

    [Fact]
    public void A_piece_of_a_record_is_no_login() => Assert.Empty(UtmpRecords.Parse(Record(UserProcess, "bob", 1, 0).AsSpan(0, 383), Architecture.X64));

    [Fact]
    public void Where_utmp_is_gone_logind_tells_in_the_order_of_the_logins()
    {
        _run.File("sessions/9", "# comment\nUID=1\nUSER=late\nCLASS=user\nSTATE=active\nREALTIME=2000000\n")
            .File("sessions/1", "USER=early\nCLASS=user-early\nSTATE=online\nREALTIME=1500000\n")
            .File("sessions/c1", "USER=gdm\nCLASS=greeter\nSTATE=active\nREALTIME=1\n")
            .File("sessions/7", "USER=left\nCLASS=user\nSTATE=closing\nREALTIME=1\n")
            .File("sessions/8", "USER=undated\nCLASS=user\nSTATE=active\n")
            .File("sessions/2", "USER=late\nCLASS=user\nSTATE=active\nREALTIME=3000000\n")
            .File("sessions/9.ref", "USER=fifo\nCLASS=user\nREALTIME=1\n");

        Assert.Equal(
            [new GuestUser { User = "early", LoginTime = 1.5 }, new GuestUser { User = "late", LoginTime = 2 }],
            new UserFacts(_run.Root + "/utmp", _run.Root + "/sessions").ListLoggedIn());
    }

    [Fact]
    public void Where_neither_is_nobody_is_logged_in() => Assert.Empty(new UserFacts(_run.Root + "/utmp", _run.Root + "/sessions").ListLoggedIn());

    private static byte[] Record(short type, string user, int seconds, int microseconds)
    {
        byte[] record = new byte[384];
        BitConverter.TryWriteBytes(record, type);
        Encoding.ASCII.GetBytes(user, record.AsSpan(44, 32));
        BitConverter.TryWriteBytes(record.AsSpan(340), seconds);
        BitConverter.TryWriteBytes(record.AsSpan(344), microseconds);
        return record;
    }
}
