using System.Diagnostics;
using System.Net.Sockets;
using EndToEnd.Sandbox;

namespace EndToEnd.Host;

/// <summary>An agent on a UNIX socket of this machine, ours or Debian's. Nothing may be asked of it that changes more than a test's own files.</summary>
internal sealed class HostedAgent : IDisposable
{
    private readonly TemporaryFolder _state = new();
    private readonly Process _process;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="name"><c>ours</c> or <c>reference</c>.</param>
    internal HostedAgent(string name)
    {
        AgentBinary agent = name == Ours ? AgentBinary.Ours : AgentBinary.Reference;
        string socket = _state.Combine("agent.sock");
        _process = Process.Start(agent.Path, ["-m", "unix-listen", "-p", socket, "-t", _state.Path]);
        Target = $"unix:{socket}";
        WaitUntilItListens(socket);
    }

    /// <summary>Our agent, in test data.</summary>
    internal const string Ours = "ours";

    /// <summary>Debian's, in test data.</summary>
    internal const string Reference = "reference";

    /// <summary>Both.</summary>
    public static TheoryData<string> Both { get; } = new() { Ours, Reference };

    /// <summary>How the command is told of it.</summary>
    internal string Target { get; }

    /// <summary>A folder that is the test's own, on both sides: the agent runs here.</summary>
    internal TemporaryFolder Files { get; } = new();

    /// <summary>A path in that folder as it is in the guest.</summary>
    internal string At(params string[] parts) => $"{Target}:{Files.Combine(parts)}";

    /// <summary>Ends the agent as a crash does.</summary>
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
        _state.Dispose();
        Files.Dispose();
    }

    private void WaitUntilItListens(string path)
    {
        UnixDomainSocketEndPoint address = new(path);
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(address);
                return;
            }
            catch (SocketException) when (!_process.HasExited && waited.Elapsed < SandboxedAgent.Patience)
            {
                Thread.Yield();
            }
        }
    }
}
