using System.Diagnostics;
using System.Net.Sockets;

namespace EndToEnd.Sandbox;

/// <summary>
/// An agent, ours or Debian's, that runs on this machine itself and listens on a UNIX socket in a folder of its own. It is in no sandbox:
/// nothing may be asked of it that changes more than a test's own files.
/// </summary>
internal sealed class SocketAgent : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="agent">Which.</param>
    /// <param name="path">Where it finds programs; null for where they are.</param>
    internal SocketAgent(AgentBinary agent, string? path = null)
    {
        ProcessStartInfo start = new(agent.Path, ["-m", "unix-listen", "-p", Socket, "-t", _folder.Path]);
        if (path is not null)
        {
            start.Environment["PATH"] = path;
        }

        _process = Process.Start(start)!;
        WaitUntilItListens();
    }

    /// <summary>Where it listens.</summary>
    internal string Socket => _folder.Combine("agent.sock");

    /// <summary>The number of its process.</summary>
    internal int ProcessId => _process.Id;

    /// <summary>Ends it as a crash does.</summary>
    internal void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    // The file is there a moment before anybody listens.
    private void WaitUntilItListens()
    {
        UnixDomainSocketEndPoint address = new(Socket);
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                probe.Connect(address);
                return;
            }
            catch (SocketException) when (!_process.HasExited && waited.Elapsed < SandboxedAgent.Patience)
            {
                Thread.Yield();
            }
        }
    }
}
