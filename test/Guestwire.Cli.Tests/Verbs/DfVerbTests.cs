namespace Guestwire.Cli.Tests.Verbs;

public sealed class DfVerbTests
{
    [Fact]
    public async Task Filesystems_are_a_table_in_the_order_of_their_mount_points()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        CommandOutcome outcome = await Command.RunAsync("df", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Equal(
            [
                "Mounted on  Type     Size     Used    Avail   Use  Device  Disks",
                "/           ext4  4.0 GiB  1.5 GiB  2.5 GiB  38 %  vda1    /dev/vda1",
                "/data       xfs         -        -        -     -  vdb",
            ],
            outcome.Lines);
    }

    [Fact]
    public async Task Json_has_bytes()
    {
        await using FakeAgent agent = GuestReplies.StartStock();
        CommandOutcome outcome = await Command.RunAsync("df", agent.Target, "--json");
        Assert.Equal(1610612736, outcome.Json[0].GetProperty("used-bytes").GetInt64());
        Assert.False(outcome.Json[1].TryGetProperty("used-bytes", out _));
    }
}
