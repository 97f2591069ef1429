namespace EndToEnd.VirtualMachine;

/// <summary>
/// A guest of busybox with our agent on its virtio-serial port, its third serial line and its vsock; eng/guest-image makes it.
/// </summary>
public sealed class GuestMachine : BootedMachine
{
    // It answers within ten seconds on an idle machine.
    private protected override TimeSpan BootPatience { get; } = TimeSpan.FromMinutes(3);

    private protected override async Task PrepareAsync(string path) =>
        await CommandLine.RunAsync(EngineScript("guest-image"), AgentBinary.Ours.Path, path);

    // The init has started the agents, but they may not be ready: an answer tells.
    private protected override async Task WaitUntilReadyAsync()
    {
        await WaitForAgentAsync("agent.sock");
        await WaitForAgentAsync("isa.sock");
    }
}
