using System.Diagnostics.CodeAnalysis;

namespace Guestwire.Fuzz.Targets;

/// <summary>An input for which something does not hold that should.</summary>
/// <param name="rule">What should hold; findings with the same rule are one.</param>
/// <param name="detail">What was seen instead.</param>
internal sealed class Violation(string rule, string detail) : Exception($"{rule}: {detail}")
{
    /// <summary>What should hold.</summary>
    internal string Rule { get; } = rule;

    /// <summary>Throws unless something holds.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="rule">What it is.</param>
    /// <param name="detail">What was seen instead; composed only when needed.</param>
    internal static void Unless([DoesNotReturnIf(false)] bool holds, string rule, Func<string>? detail = null)
    {
        if (!holds)
        {
            throw new Violation(rule, detail?.Invoke() ?? "");
        }
    }

    /// <summary>Throws unless two texts are the same.</summary>
    internal static void UnlessSame(string expected, string actual, string rule)
    {
        if (expected != actual)
        {
            throw new Violation(rule, $"«{expected}» and «{actual}»");
        }
    }
}
