namespace Guestwire.Client;

/// <summary>What to change of a file; what is null stays.</summary>
public sealed record GuestFileAttributes
{
    /// <summary>Its permissions, 0 to 4095 (07777).</summary>
    public int? Mode { get; init; }

    /// <summary>Its owner, a name or a number.</summary>
    public string? User { get; init; }

    /// <summary>Its group, a name or a number.</summary>
    public string? Group { get; init; }

    /// <summary>Its length in bytes: the rest is cut off, or a hole is added.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>When its content last changed, in nanoseconds since 1970 UTC.</summary>
    public long? ModifiedNs { get; init; }

    /// <summary>When it was last read, in nanoseconds since 1970 UTC.</summary>
    public long? AccessedNs { get; init; }

    /// <summary>Whether a symbolic link stands for what it leads to.</summary>
    public bool Follow { get; init; } = true;
}
