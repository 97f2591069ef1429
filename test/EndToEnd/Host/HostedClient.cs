using System.Diagnostics;
using EndToEnd.Sandbox;
using Guestwire.Client;

namespace EndToEnd.Host;

/// <summary>An agent that runs on this machine, with a client of it. Only files in folders of the test are asked for.</summary>
internal sealed class HostedClient : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private HostedClient(string program, string? path)
    {
        string socket = _folder.Combine("agent.sock");
        ProcessStartInfo start = new(program, ["-m", "unix-listen", "-p", socket, "-t", _folder.Path]);
        if (path is not null)
        {
            start.Environment["PATH"] = path;
        }

        _process = Process.Start(start)!;
        Client = new GuestClient(new UnixTransport(socket));
    }

    /// <summary>The client.</summary>
    internal GuestClient Client { get; }

    /// <summary>How many files the agent has open.</summary>
    internal int OpenFiles => Directory.GetFiles($"/proc/{_process.Id}/fd").Length;

    /// <summary>Starts an agent and waits until it answers.</summary>
    /// <param name="kind">Ours, the reference, or the reference in a guest that has busybox's programs alone.</param>
    internal static async Task<HostedClient> StartAsync(AgentKind kind)
    {
        HostedClient agent = new(
            (kind == AgentKind.Ours ? AgentBinary.Ours : AgentBinary.Reference).Path, kind == AgentKind.ReferenceWithBusybox ? BusyboxFolder.Path : null);
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await agent.Client.GuestPingAsync();
                return agent;
            }
            catch (IOException) when (!agent._process.HasExited && waited.Elapsed < s_patience)
            {
                await Task.Yield();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
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
