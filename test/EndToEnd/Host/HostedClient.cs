using System.Diagnostics;
using EndToEnd.Sandbox;
using Guestwire.Client;

namespace EndToEnd.Host;

/// <summary>An agent that runs on this machine, with a client of it. Only files in folders of the test are asked for.</summary>
internal sealed class HostedClient : IAsyncDisposable
{
    private readonly SocketAgent _agent;

    private HostedClient(SocketAgent agent)
    {
        _agent = agent;
        Client = new GuestClient(new UnixTransport(agent.Socket));
    }

    /// <summary>The client.</summary>
    internal GuestClient Client { get; }

    /// <summary>How many files the agent has open.</summary>
    internal int OpenFiles => Directory.GetFiles($"/proc/{_agent.ProcessId}/fd").Length;

    /// <summary>Starts an agent and waits until it answers.</summary>
    /// <param name="kind">Ours, the reference, or the reference in a guest that has busybox's programs alone.</param>
    internal static async Task<HostedClient> StartAsync(AgentKind kind)
    {
        HostedClient hosted = new(new SocketAgent(
            kind == AgentKind.Ours ? AgentBinary.Ours : AgentBinary.Reference, kind == AgentKind.ReferenceWithBusybox ? BusyboxFolder.Path : null));
        await hosted.Client.GuestPingAsync();
        return hosted;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _agent.Dispose();
    }

    /// <summary>A folder with a link to busybox for each of its programs.</summary>
    private static class BusyboxFolder
    {
        internal static string Path { get; } = Make();

        private static string Make()
        {
            string folder = Directory.CreateTempSubdirectory("gw-busybox-").FullName;
            using Process install = Process.Start("/bin/busybox", ["--install", "-s", folder]);
            install.WaitForExit();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
            return folder;
        }
    }
}
