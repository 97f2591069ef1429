namespace Guestwire.Agent.Daemon;

/// <summary>How reading a file went.</summary>
internal enum WholeFileStatus
{
    /// <summary>Here it is.</summary>
    Read,

    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>There is, but it cannot be read.</summary>
    Unreadable,
}
