namespace Guestwire.Agent.State;

/// <summary>What a <see cref="FreezeMarker"/> says.</summary>
internal enum MarkerStatus
{
    /// <summary>No agent has left anything frozen.</summary>
    Absent,

    /// <summary>An agent of ours died while filesystems were frozen.</summary>
    OfThisBoot,

    /// <summary>An agent of ours died, and the machine has been started anew since: nothing is frozen any more.</summary>
    OfAnotherBoot,

    /// <summary>The marker is empty, as the reference leaves it, or cannot be understood: perhaps something is frozen.</summary>
    Unknown,
}
