using Guestwire.Cli.Diagnosis;
using Guestwire.Client;

namespace Guestwire.Cli.Tests.Diagnosis;

public sealed class UnixSocketTableTests
{
    private static readonly string[] s_lines =
    [
        "Num       RefCount Protocol Flags    Type St Inode Path",
        "0000000000000000: 00000002 00000000 00010000 0001 01 1001 /run/a b",
        "0000000000000000: 00000003 00000000 00000000 0001 03 1002 /run/a b",
        "0000000000000000: 00000003 00000000 00000000 0001 03 1003",
        "0000000000000000: 00000002 00000000 00010000 0001 01 1004 /run/other",
        "broken",
    ];

    [Fact]
    public void Sockets_of_a_path_are_told_by_whether_they_listen()
    {
        UnixSocketTable table = UnixSocketTable.Parse(s_lines, "/run/a b");
        Assert.Equal([1001UL], table.Listening);
        Assert.Equal([1002UL], table.Connected);
    }

    [Fact]
    public async Task The_kernel_says_who_is_at_the_other_end()
    {
        await using FakeAgent agent = FakeAgent.Start();
        await using GuestClient host = await GuestClient.ConnectAsync(new UnixTransport(agent.Path));
        UnixSocketTable table = UnixSocketTable.Read(agent.Path);
        Assert.Single(table.Listening);
        ulong accepted = Assert.Single(table.Connected);

        // A kernel may lack the diagnosis; where it has it, the other end has another number.
        if (OperatingSystem.IsLinux() && UnixSocketPeers.Read().TryGetValue(accepted, out ulong peer))
        {
            Assert.NotEqual(accepted, peer);
        }
    }
}
