using System.Text;

namespace Guestwire.Fuzz.Targets;

/// <summary>What parsers of the kernel's tables have in common: a line means the same whatever stands around it.</summary>
internal static class LineByLine
{
    /// <summary>Reads text to a row of values.</summary>
    internal delegate List<string> Reader(ReadOnlySpan<byte> text);

    /// <summary>Requires that the whole text gives what its lines give, one after the other.</summary>
    internal static void Require(ReadOnlySpan<byte> text, Reader read)
    {
        List<string> single = [];
        foreach (Range line in text.Split((byte)'\n'))
        {
            single.AddRange(read(text[line]));
        }

        List<string> whole = read(text);
        if (!whole.SequenceEqual(single))
        {
            throw new Violation("a line means the same whatever stands around it", $"{string.Join('|', whole)} and {string.Join('|', single)} in {Encoding.Latin1.GetString(text)}");
        }
    }
}
