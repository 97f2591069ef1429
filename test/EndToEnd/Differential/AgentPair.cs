namespace EndToEnd.Differential;

/// <summary>The reference and ours on the same machine, for the tests of one class.</summary>
public sealed class AgentPair : IDisposable
{
    /// <summary>Debian's qemu-ga.</summary>
    internal LocalAgent Reference { get; } = new(AgentBinary.Reference);

    /// <summary>Our agent.</summary>
    internal LocalAgent Ours { get; } = new(AgentBinary.Ours);

    /// <inheritdoc/>
    public void Dispose()
    {
        Reference.Dispose();
        Ours.Dispose();
    }
}
