namespace Guestwire.Agent.Channels;

/// <summary>What the end of input means on a channel.</summary>
internal enum HostLeft
{
    /// <summary>The connection is over; another host makes another one.</summary>
    ClosesSession,

    /// <summary>The port stays; some host may take it up again at any time.</summary>
    LeavesPortOpen,

    /// <summary>The line is dead as it is, and must be opened anew.</summary>
    NeedsReopen,
}
