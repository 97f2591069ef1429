using EndToEnd.Sandbox;

namespace EndToEnd.Host;

/// <summary>An agent on a UNIX socket of this machine, ours or Debian's. Nothing may be asked of it that changes more than a test's own files.</summary>
internal sealed class HostedAgent : IDisposable
{
    private readonly SocketAgent _agent;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="name"><c>ours</c> or <c>reference</c>.</param>
    internal HostedAgent(string name) => _agent = new SocketAgent(name == Ours ? AgentBinary.Ours : AgentBinary.Reference);

    /// <summary>Our agent, in test data.</summary>
    internal const string Ours = "ours";

    /// <summary>Debian's, in test data.</summary>
    internal const string Reference = "reference";

    /// <summary>Both.</summary>
    public static TheoryData<string> Both { get; } = new() { Ours, Reference };

    /// <summary>How the command is told of it.</summary>
    internal string Target => $"unix:{_agent.Socket}";

    /// <summary>A folder that is the test's own, on both sides: the agent runs here.</summary>
    internal TemporaryFolder Files { get; } = new();

    /// <summary>A path in that folder as it is in the guest.</summary>
    internal string At(params string[] parts) => $"{Target}:{Files.Combine(parts)}";

    /// <summary>Ends the agent as a crash does.</summary>
    internal void Kill() => _agent.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        _agent.Dispose();
        Files.Dispose();
    }
}
