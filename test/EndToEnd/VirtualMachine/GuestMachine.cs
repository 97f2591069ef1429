using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using EndToEnd.Play;
using EndToEnd.Sandbox;

namespace EndToEnd.VirtualMachine;

/// <summary>
/// A booted guest with our agent on its virtio-serial port, its third serial line and its vsock; eng/guest-image makes
/// it and eng/guest-run runs it. One serves all tests of a class.
/// </summary>
public sealed class GuestMachine : IAsyncLifetime, IDisposable
{
    /// <summary>A guest under software emulation answers within ten seconds on an idle machine.</summary>
    private static readonly TimeSpan BootPatience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder folder = new();
    private Process? machine;
    private long lastSync;

    /// <summary>How long anything may take in a guest that is up; megabytes through an emulated port take seconds.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The version that the agent states.</summary>
    internal string Version { get; } = AgentBinary.Ours.ReadVersion();

    /// <summary>A root shell in the guest.</summary>
    internal GuestShell Shell { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        string eng = Path.Combine(Checkout.Root, "eng");
        await CommandLine.RunAsync(Path.Combine(eng, "guest-image"), AgentBinary.Ours.Path, folder.Path);
        string accelerator = await CommandLine.RunAsync(Path.Combine(eng, "guest-accelerator"), folder.Path);
        machine = Process.Start(Path.Combine(eng, "guest-run"), [folder.Path, accelerator]);

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
        await WaitForAgentsAsync();
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
    public void Dispose() => folder.Dispose();

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

    private string Console => folder.Combine("console.log");

    // The init has started the agents, but they may not be ready: an answer tells. A serial line's agent throws away
    // what came before it was there, so it is asked again.
    private async Task WaitForAgentsAsync()
    {
        foreach (string socket in (string[])["agent.sock", "isa.sock"])
        {
            Stopwatch waited = Stopwatch.StartNew();
            while (true)
            {
                await using AgentConversation conversation = new(await ConnectRawAsync(socket));
                try
                {
                    await conversation.SyncAsync(++lastSync, TimeSpan.FromSeconds(2));
                    break;
                }
                catch (OperationCanceledException) when (waited.Elapsed < Patience)
                {
                    // Not yet.
                }
            }
        }
    }
}
