namespace Guestwire.Agent.State;

/// <summary>Whether the agent holds filesystems frozen, or is about to. Set by worker threads, read by the loop.</summary>
internal sealed class FreezeState
{
    private volatile bool _isFrozen;

    /// <summary>While true only commands run that touch no disk.</summary>
    internal bool IsFrozen
    {
        get => _isFrozen;
        set => _isFrozen = value;
    }
}
