using System.Text;
using Guestwire.Agent.Policy;
using Guestwire.Fuzz.Seeds;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// A pattern for an argument. An input is a pattern, a blank and an argument. The decision is that of a second matcher; an argument with every letter
/// marked as ordinary fits itself, unless it is the way up; and a pattern of many wildcards takes no time.
/// </summary>
internal sealed class PatternTarget : FuzzTarget
{
    internal override string Name => "patterns";

    internal override string About => "argument patterns: what a second, plain matcher says";

    internal override int MaxInputBytes => 160;

    internal override IEnumerable<byte[]> Seeds => SeedTexts.LinesOf("patterns.txt");

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words("*", "**", "?", "\\", "/", "..", "../", "/..", "-", "a", "*a*a*a", "\\*", "\\.");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        string[] parts = Encoding.UTF8.GetString(input).Split(' ', 2);
        string argument = parts.Length > 1 ? parts[1] : "";
        ArgumentPattern pattern = new(parts[0]);
        bool matches = pattern.Matches(argument);
        Violation.Unless(matches == PlainPattern.Matches(parts[0], argument), "two matchers agree", () => $"{matches} for '{argument}' in '{parts[0]}'");
        bool goesUp = argument.Split('/').Contains("..");
        string marked = string.Concat(argument.Select(letter => "\\" + letter));
        Violation.Unless(new ArgumentPattern(marked).Matches(argument) != goesUp, "an argument fits itself", () => argument);
        Violation.Unless(!goesUp || !matches || parts[0].Contains("..", StringComparison.Ordinal), "no wildcard is the way up", () => $"'{argument}' in '{parts[0]}'");
    }
}
