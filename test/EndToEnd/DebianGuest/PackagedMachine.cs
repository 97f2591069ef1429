using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>A guest of Debian in which our package is installed, with a disk of packages at /mnt; how a host reaches its agent is each machine's own.</summary>
public abstract class PackagedMachine : BootedMachine
{
    /// <summary>Waits until the agent answers, whichever has the port.</summary>
    internal abstract Task WaitUntilAgentAnswersAsync();

    /// <summary>Thaws everything, through the agent, or without it when it does not answer.</summary>
    internal abstract Task ThawAsync();

    /// <summary>Thaws everything as the kernel does when it is told to, and nobody else.</summary>
    private protected Task ThawWithoutAgentAsync() => Shell.DoAsync("echo j > /proc/sysrq-trigger");

    /// <summary>What systemd says of the service.</summary>
    internal Task<string> ReadServiceAsync(string property) => Shell.ReadServiceAsync(property);

    /// <summary>Waits until a file can be written in each of the directories.</summary>
    internal async Task AssertWritableAsync(params string[] directories) =>
        await Shell.DoAsync($"for d in {string.Join(' ', directories)}; do touch $d/writable && rm $d/writable || exit 1; done");
}
