using System.Globalization;

namespace Guestwire.Cli.Verbs;

/// <summary>Whole numbers as people give them: <c>3</c>, <c>0-3</c>, <c>1,3-5</c>.</summary>
internal static class NumberRanges
{
    /// <summary>More is a slip of the finger.</summary>
    private const int MaxCount = 65536;

    /// <summary>Reads them, in the order in which they stand.</summary>
    /// <param name="option">The option, for the error.</param>
    /// <param name="texts">Each of that form.</param>
    /// <exception cref="UsageException">One is not.</exception>
    internal static IReadOnlyList<long> Parse(string option, IEnumerable<string> texts)
    {
        List<long> numbers = [];
        foreach (string part in texts.SelectMany(text => text.Split(',')))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryRead(ends[0], out long first) || !TryRead(ends[^1], out long last) || last < first || last - first >= MaxCount)
            {
                throw new UsageException($"{option} wants numbers such as 3, 0-3 or 1,3-5, not '{part}'");
            }

            for (long number = first; number <= last; number++)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    private static bool TryRead(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
