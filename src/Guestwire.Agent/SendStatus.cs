namespace Guestwire.Agent;

/// <summary>What became of replies that were to be sent.</summary>
internal enum SendStatus
{
    /// <summary>The host has them all.</summary>
    Sent,

    /// <summary>It does not take more at this moment.</summary>
    HostIsBusy,

    /// <summary>It closed its end, or gave up on them: they are not wanted.</summary>
    HostIsGone,
}
