using System.Globalization;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>Numbers that a host may give, and what it hears of others.</summary>
internal static class ArgumentRange
{
    /// <summary>Checks a number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="min">The least that is allowed.</param>
    /// <param name="max">The most.</param>
    /// <param name="name">The argument.</param>
    /// <returns>The number.</returns>
    /// <exception cref="QapiException">GenericError: it is out of range.</exception>
    internal static long Check(long value, long min, long max, string name) => value >= min && value <= max ? value : throw Error(value, name);

    /// <summary>What is wrong with a number that is out of range.</summary>
    internal static QapiException Error(long value, string name) =>
        new($"value '{value.ToString(CultureInfo.InvariantCulture)}' is invalid for argument {name}");
}
