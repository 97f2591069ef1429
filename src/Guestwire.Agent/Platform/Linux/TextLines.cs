namespace Guestwire.Agent.Platform.Linux;

/// <summary>Walks over the lines of a text. A line ends at a line feed or at the end; the feed is not part of it.</summary>
internal ref struct TextLines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>Takes the next line.</summary>
    /// <returns>False at the end.</returns>
    internal bool TryRead(out ReadOnlySpan<byte> line)
    {
        if (_rest.IsEmpty)
        {
            line = default;
            return false;
        }

        int end = _rest.IndexOf((byte)'\n');
        line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }
}
