namespace EndToEnd.VirtualMachine;

/// <summary>
/// A guest of busybox with our agent on its virtio-serial port, its third serial line and its vsock; eng/guest-image makes it.
/// </summary>
public sealed class GuestMachine : BootedMachine
{
    // It answers within ten seconds on an idle machine.
    private protected override TimeSpan BootPatience { get; } = TimeSpan.FromMinutes(3);

    // A class of tests, on a busy machine.
    private protected override IReadOnlyList<string> RunArguments { get; } = ["1200"];

    private protected override async Task PrepareAsync(string path) =>
        await CommandLine.RunAsync(EngineScript("guest-image"), AgentBinary.Ours.Path, path);

    // The init has started the agents, but they may not be ready: an answer tells.
    private protected override async Task WaitUntilReadyAsync()
    {
        await WaitForAgentAsync("agent.sock", BootPatience);
        await WaitForAgentAsync("isa.sock", BootPatience);
    }
}
