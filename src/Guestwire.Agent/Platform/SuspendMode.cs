namespace Guestwire.Agent.Platform;

/// <summary>How a system sleeps.</summary>
internal enum SuspendMode
{
    /// <summary>Memory is saved on a disk, and the machine is off.</summary>
    Disk,

    /// <summary>Memory stays powered.</summary>
    Ram,

    /// <summary>Both: memory is saved, and stays powered.</summary>
    Hybrid,
}
