using System.Diagnostics;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Libvirt;

/// <summary>libvirt's events about the domain, as virsh prints them one a line.</summary>
internal sealed class LibvirtEvents : IAsyncDisposable
{
    private readonly Process process;

    private LibvirtEvents(Process process) => this.process = process;

    /// <summary>Starts to listen; what happens after this is heard.</summary>
    internal static async Task<LibvirtEvents> ListenAsync(Virsh virsh)
    {
        LibvirtEvents events = new(virsh.Start("event", "--all", "--loop"));

        // virsh does not say when it listens, so the description is changed until it says that it has heard of that.
        Task heard = events.WaitForAsync("metadata-change");
        for (int i = 0; !heard.IsCompleted; i++)
        {
            await virsh.DoAsync("desc", "--live", $"change {i}");
            await Task.WhenAny(heard, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        await heard;
        return events;
    }

    /// <summary>Reads events until one has that text.</summary>
    internal async Task WaitForAsync(string text)
    {
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        string line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(deadline.Token) ?? throw new EndOfStreamException("virsh event ended");
        }
        while (!line.Contains(text, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
