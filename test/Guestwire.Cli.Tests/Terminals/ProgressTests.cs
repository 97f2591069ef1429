namespace Guestwire.Cli.Tests.Terminals;

/// <summary>How far copies are, at a real terminal.</summary>
public sealed class ProgressTests
{
    [Fact]
    public async Task Several_guests_have_a_bar_each_and_one_for_all_of_them()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("file", "some");
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeAgent web1 = Held(gate.Task);
        await using FakeAgent web2 = Held(gate.Task);
        await using FakeAgent web3 = FileAgent.Start();
        string configuration = folder.Write("config", $"[guests]\nweb1 = {web1.Target}\nweb2 = {web2.Target}\nweb3 = {web3.Target}\n");
        await using TerminalSession terminal = TerminalSession.StartGuestwire(
            ["cp", file, "web*:/srv/"], ("GUESTWIRE_CONFIG", configuration), ("TERM", "xterm"));

        await terminal.SeeAsync("1 of 3 guests");
        await terminal.SeeAsync("web1: ");
        await terminal.SeeAsync("web2: ");
        gate.SetResult();

        await terminal.SeeAsync("-> web1:/srv/: 1 files, 4 bytes");
        await terminal.SeeAsync("-> web2:/srv/: 1 files, 4 bytes");
        await terminal.SeeAsync("-> web3:/srv/: 1 files, 4 bytes");
        await terminal.SeeAsync("3 guests, all done");
        Assert.Equal(0, await terminal.EndAsync());
    }

    [Fact]
    public async Task One_guest_has_a_bar_without_a_name()
    {
        using TemporaryFolder folder = new();
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeAgent agent = Held(gate.Task);
        await using TerminalSession terminal = TerminalSession.StartGuestwire(["cp", folder.Write("file", "some"), $"{agent.Target}:/srv/"], ("TERM", "xterm"));

        await terminal.SeeAsync("copying");
        gate.SetResult();

        Assert.Equal(0, await terminal.EndAsync());
        Assert.DoesNotContain("guests", terminal.Shown, StringComparison.Ordinal);
    }

    private static FakeAgent Held(Task gate) => FileAgent.Start().HoldsRepliesUntil(gate, command => command == "guest-file-open");
}
