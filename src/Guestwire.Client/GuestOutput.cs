namespace Guestwire.Client;

/// <summary>Something that a program wrote.</summary>
/// <param name="IsError">Whether to standard error.</param>
/// <param name="Bytes">What it wrote.</param>
public readonly record struct GuestOutput(bool IsError, ReadOnlyMemory<byte> Bytes);
