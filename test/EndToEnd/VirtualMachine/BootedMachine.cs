using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using EndToEnd.Play;
using EndToEnd.Sandbox;

namespace EndToEnd.VirtualMachine;

/// <summary>A booted guest, run by eng/guest-run. One serves all tests of a class or collection.</summary>
public abstract class BootedMachine : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private Process? machine;
    private long lastSync;

    /// <summary>How long anything may take in a guest that is up; megabytes through an emulated port take seconds.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The version that the agent states.</summary>
    internal string Version { get; } = AgentBinary.Ours.ReadVersion();

    /// <summary>A root shell in the guest.</summary>
    internal GuestShell Shell { get; private set; } = null!;

    /// <summary>How long the guest may take until it is up, on a busy machine without hardware virtualization.</summary>
    private protected abstract TimeSpan BootPatience { get; }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await PrepareAsync(folder.Path);
        string accelerator = await CommandLine.RunAsync(EngineScript("guest-accelerator"), folder.Path);
        machine = Process.Start(EngineScript("guest-run"), [folder.Path, accelerator, .. RunArguments]);

        Stopwatch waited = Stopwatch.StartNew();
        while (!(File.Exists(Console) && (await File.ReadAllTextAsync(Console)).Contains("The guest is up", StringComparison.Ordinal)))
        {
            if (machine.HasExited || waited.Elapsed > BootPatience)
            {
                throw new TimeoutException($"the guest did not come up: {(File.Exists(Console) ? await File.ReadAllTextAsync(Console) : "")}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        Shell = new GuestShell(await ConnectRawAsync("shell.sock"));
        await WaitUntilReadyAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        Shell?.Dispose();
        if (machine is not null)
        {
            // A TERM, which its wrapper passes on: killed, the wrapper would leave QEMU behind.
            if (!machine.HasExited)
            {
                await CommandLine.RunAsync("kill", machine.Id.ToString(CultureInfo.InvariantCulture));
            }

            await machine.WaitForExitAsync();
            machine.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Connects as a host does that knows nothing of what was before: resets the agent's reader and syncs.</summary>
    internal async Task<AgentConversation> ConnectAsync(string socket = "agent.sock")
    {
        AgentConversation conversation = new(await ConnectRawAsync(socket));
        await conversation.SyncAsync(++lastSync, Patience);
        return conversation;
    }

    /// <summary>Connects and says nothing.</summary>
    internal async Task<LineConnection> ConnectRawAsync(string socket)
    {
        Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(folder.Combine(socket)));
        return new LineConnection(connection);
    }

    /// <summary>Waits until an agent answers on the socket.</summary>
    internal async Task WaitForAgentAsync(string socket = "agent.sock")
    {
        // A serial line's agent throws away what came before it was there, so it is asked again.
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            await using AgentConversation conversation = new(await ConnectRawAsync(socket));
            try
            {
                await conversation.SyncAsync(++lastSync, TimeSpan.FromSeconds(2));
                return;
            }
            catch (OperationCanceledException) when (waited.Elapsed < Patience)
            {
                // Not yet.
            }
        }
    }

    /// <summary>The image, on this machine, of the guest's disk with that name.</summary>
    internal string ImageOf(string disk) => folder.Combine(disk + ".img");

    /// <summary>Further arguments of eng/guest-run: seconds, then QEMU's own.</summary>
    private protected virtual IReadOnlyList<string> RunArguments => [];

    /// <summary>Puts what the guest boots into <paramref name="path"/>.</summary>
    private protected abstract Task PrepareAsync(string path);

    /// <summary>Called when the shell is there.</summary>
    private protected abstract Task WaitUntilReadyAsync();

    /// <summary>A script of eng/.</summary>
    private protected static string EngineScript(string name) => Path.Combine(Checkout.Root, "eng", name);

    private string Console => folder.Combine("console.log");
}
