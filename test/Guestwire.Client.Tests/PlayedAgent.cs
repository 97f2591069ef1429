using System.Net.Sockets;

namespace Guestwire.Client.Tests;

/// <summary>A UNIX socket at which the test is the agent.</summary>
internal sealed class PlayedAgent : IDisposable
{
    /// <summary>How long anything may take before a test fails.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guestwire-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    internal PlayedAgent()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
    }

    /// <summary>Where it listens.</summary>
    internal string Path => System.IO.Path.Combine(_folder.FullName, "agent");

    /// <summary>A client that has not connected yet, and waits as long as the test does.</summary>
    internal GuestClient Client() => new(new UnixTransport(Path), new GuestClientOptions { Timeout = Patience, SyncTimeout = Patience });

    /// <summary>A client's connection.</summary>
    internal async Task<AgentEnd> AcceptAsync() => new(new NetworkStream(await _listener.AcceptAsync().WaitAsync(Patience), ownsSocket: true));

    /// <summary>A client's connection, whose first sync is answered.</summary>
    internal async Task<AgentEnd> AcceptInStepAsync()
    {
        AgentEnd end = await AcceptAsync();
        await end.AnswerSyncAsync();
        return end;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Delete(recursive: true);
    }
}
