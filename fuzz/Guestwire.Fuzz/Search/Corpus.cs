namespace Guestwire.Fuzz.Search;

/// <summary>The inputs that reached something new, in the order in which they did.</summary>
/// <param name="random">Picks.</param>
internal sealed class Corpus(Random random)
{
    /// <summary>What was found last has neighbours that nobody has seen yet.</summary>
    private const int Recent = 16;

    private readonly List<byte[]> _inputs = [];

    /// <summary>Number of inputs.</summary>
    internal int Count => _inputs.Count;

    /// <summary>Keeps an input.</summary>
    internal void Add(byte[] input) => _inputs.Add(input);

    /// <summary>Any of them, the latest and the short ones more often.</summary>
    internal byte[] Pick()
    {
        byte[] one = PickOne();
        byte[] other = PickOne();
        return random.Next(4) > 0 == one.Length <= other.Length ? one : other;
    }

    private byte[] PickOne() => random.Next(3) == 0
        ? _inputs[random.Next(Math.Max(0, _inputs.Count - Recent), _inputs.Count)]
        : _inputs[random.Next(_inputs.Count)];
}
