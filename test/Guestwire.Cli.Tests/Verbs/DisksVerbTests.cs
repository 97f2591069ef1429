namespace Guestwire.Cli.Tests.Verbs;

public sealed class DisksVerbTests
{
    private const string Disks = """
        [{"name": "/dev/vda1", "partition": true, "dependencies": ["/dev/vda"]},
         {"name": "/dev/vda", "partition": false, "address": {"pci-controller": {"domain": 0, "bus": 1, "slot": 31, "function": 7},
          "bus-type": "virtio", "bus": 0, "target": 0, "unit": 0, "serial": "S1", "dev": "/dev/vda"}},
         {"name": "/dev/sda", "partition": false, "address": {"pci-controller": {"domain": -1, "bus": -1, "slot": -1, "function": -1},
          "bus-type": "newer", "bus": 0, "target": 0, "unit": 0}}]
        """;

    [Fact]
    public async Task Disks_are_told_with_what_finds_them_on_the_host()
    {
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-get-disks", Disks);
        CommandOutcome outcome = await Command.RunAsync("disks", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Equal(["/dev/sda", "disk", "unknown", "-", "-", "-", "-", "-"], outcome.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["/dev/vda", "disk", "virtio", "0000:01:1f.7", "S1", "-", "-", "-"], outcome.Lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["/dev/vda1", "partition", "-", "-", "-", "-", "/dev/vda", "-"], outcome.Lines[3].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
