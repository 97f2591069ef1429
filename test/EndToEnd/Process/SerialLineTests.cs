using EndToEnd.Sandbox;

namespace EndToEnd.ProcessSuite;

/// <summary>The agent on a serial line: bytes pass as they are, and a line that hung up comes back.</summary>
[Trait("Suite", "process")]
public sealed class SerialLineTests
{
    [Fact]
    public void Every_byte_passes_as_it_is()
    {
        using PseudoTerminal line = new();
        using RunningAgent agent = Start(line);

        // Interrupt, end of file, stop, start, quit, suspend, erase: a terminal would act on them.
        foreach (char special in "\u0003\u0004\u0013\u0011\u001C\u001A\u007F\u0000")
        {
            line.Link.Send(special + "{}");
            Assert.Contains("stray", line.Link.ReadLine(), StringComparison.Ordinal);
            Assert.Contains("lacks member", line.Link.ReadLine(), StringComparison.Ordinal);
        }

        line.Link.Send(HostLink.Request("guest-sync-delimited", new { id = 5 }) + "\r\n");
        Assert.Equal("\u00FF{\"return\": 5}", line.Link.ReadLine());
    }

    [Fact]
    public void More_than_the_line_holds_comes_whole()
    {
        using PseudoTerminal line = new();
        using RunningAgent agent = Start(line);
        byte[] content = new byte[300_000];
        new Random(4).NextBytes(content);
        File.WriteAllBytes(agent["file"], content);
        int handle = line.Link.Call("guest-file-open", new { path = agent["file"] }).GetValue<int>();

        string read = line.Link.Call("guest-file-read", new { handle, count = 300_000 })["buf-b64"]!.GetValue<string>();

        Assert.Equal(content, Convert.FromBase64String(read));
    }

    [Fact]
    public void After_a_hang_up_the_line_is_opened_again()
    {
        using RunningAgent agent = Start(new PseudoTerminal(), out PseudoTerminal first);
        first.Link.Send("{\"execute\": \"guest-sync\", \"arguments\": {\"id\": ");
        first.Dispose();
        RunningAgent.WaitUntil(() => !agent.Descriptors.Any(name => name.StartsWith("/dev/pts/", StringComparison.Ordinal)), "the agent to hang up");

        using PseudoTerminal second = new();
        File.Delete(agent["line"]);
        File.CreateSymbolicLink(agent["line"], second.Path);
        Assert.Equal("{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error, stray '\\uFFFD'\"}}", second.Link.Greet());
        second.Link.Call("guest-ping");
    }

    private static RunningAgent Start(PseudoTerminal line, out PseudoTerminal same)
    {
        same = line;
        return Start(line);
    }

    /// <summary>Starts an agent on a line and waits until it has it.</summary>
    internal static RunningAgent Start(PseudoTerminal line)
    {
        TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.Combine("line"), line.Path);
        RunningAgent agent = RunningAgent.Start(
            folder, RunningAgent.Program, "-m", "isa-serial", "-p", folder.Combine("line"), "-t", folder.Path);

        Assert.Contains("stray", line.Link.Greet(), StringComparison.Ordinal);
        return agent;
    }
}
