namespace Guestwire.Client;

/// <summary>How a program ended.</summary>
/// <param name="Code">Its exit code, when it ended by itself.</param>
/// <param name="Signal">The signal that killed it, when one did.</param>
/// <param name="IsTruncated">Whether it wrote more than the agent keeps, which cannot stream.</param>
public sealed record GuestExit(int? Code, int? Signal, bool IsTruncated = false)
{
    /// <summary>The status that a shell would see: the exit code, or 128 and the signal.</summary>
    public int Status => Code ?? (128 + (Signal ?? 0));
}
