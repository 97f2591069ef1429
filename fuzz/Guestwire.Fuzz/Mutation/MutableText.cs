namespace Guestwire.Fuzz.Mutation;

/// <summary>An input while it is being changed: bytes up to a limit; what would go beyond is cut off.</summary>
/// <param name="maxBytes">The limit.</param>
internal sealed class MutableText(int maxBytes)
{
    private readonly byte[] _bytes = new byte[maxBytes];
    private readonly byte[] _moved = new byte[maxBytes];

    /// <summary>The bytes.</summary>
    internal Span<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Number of bytes.</summary>
    internal int Length { get; private set; }

    /// <summary>Becomes this input.</summary>
    internal void Set(ReadOnlySpan<byte> input)
    {
        Length = Math.Min(input.Length, _bytes.Length);
        input[..Length].CopyTo(_bytes);
    }

    /// <summary>Puts bytes in the place of others. They may be a part of this input.</summary>
    /// <param name="start">First byte to go.</param>
    /// <param name="count">Number of bytes to go.</param>
    /// <param name="with">What comes instead.</param>
    internal void Replace(int start, int count, ReadOnlySpan<byte> with)
    {
        int inserted = Math.Min(with.Length, _bytes.Length - start);
        with[..inserted].CopyTo(_moved);
        ReadOnlySpan<byte> tail = Bytes[(start + count)..];
        int kept = Math.Min(tail.Length, _bytes.Length - start - inserted);
        tail[..kept].CopyTo(_bytes.AsSpan(start + inserted));
        _moved.AsSpan(0, inserted).CopyTo(_bytes.AsSpan(start));
        Length = start + inserted + kept;
    }
}
