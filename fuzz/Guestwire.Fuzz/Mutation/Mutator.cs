namespace Guestwire.Fuzz.Mutation;

/// <summary>Makes new inputs of old ones: a few changes each, of bytes, and of JSON or lines where inputs have such a shape. The same seed makes the same inputs.</summary>
internal sealed class Mutator
{
    /// <summary>At most 2 to this power changes at once.</summary>
    private const int MaxChangesPower = 4;

    private readonly Random _random;
    private readonly MutableText _text;
    private readonly Action[] _changes;

    /// <summary>A mutator.</summary>
    /// <param name="shape">What inputs look like.</param>
    /// <param name="words">Words that mean something to the target.</param>
    /// <param name="maxBytes">How long inputs may become.</param>
    /// <param name="random">Decides everything.</param>
    internal Mutator(InputShape shape, IReadOnlyList<byte[]> words, int maxBytes, Random random)
    {
        _random = random;
        _text = new MutableText(maxBytes);
        List<Action> changes = [.. new ByteChanges(_text, words, random).All];
        if (shape.HasFlag(InputShape.Json))
        {
            changes.AddRange(new JsonChanges(_text, words, random).All);
        }

        if (shape.HasFlag(InputShape.Lines))
        {
            changes.AddRange(new LineChanges(_text, words, random).All);
        }

        _changes = [.. changes];
    }

    /// <summary>Makes an input.</summary>
    /// <param name="input">What it is made of.</param>
    /// <param name="other">Another input, of which it may get a part.</param>
    /// <returns>Valid until the next call.</returns>
    internal ReadOnlySpan<byte> Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> other)
    {
        _text.Set(input);
        if (_random.Next(8) == 0 && other.Length > 0)
        {
            Splice(other);
        }

        for (int changes = _random.Next(1, 1 << _random.Next(1, MaxChangesPower + 1)); changes > 0; changes--)
        {
            _changes[_random.Next(_changes.Length)]();
        }

        return _text.Bytes;
    }

    private void Splice(ReadOnlySpan<byte> other)
    {
        int start = _random.Next(_text.Length + 1);
        int from = _random.Next(other.Length);
        int count = _random.Next(1, other.Length - from + 1);
        int gone = _random.Next(2) == 0 ? 0 : _random.Next(_text.Length - start + 1);
        _text.Replace(start, gone, other.Slice(from, count));
    }
}
