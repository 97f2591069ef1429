using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Guestwire.Cli.Targets;

/// <summary>Options that take a number of a certain range.</summary>
internal static class NumberOptions
{
    /// <summary>Adds the check to an option. What is no number at all the library refuses by itself, and its value must not be asked for.</summary>
    /// <param name="option">The option.</param>
    /// <param name="isRight">Whether a number is in the range.</param>
    /// <param name="range">The range, for the error: "seconds, more than 0".</param>
    internal static void Accept(this Option option, Func<double, bool> isRight, string range) => option.Validators.Add(result =>
    {
        foreach (Token token in result.Tokens)
        {
            if (double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && !isRight(number))
            {
                result.AddError($"{option.Name} wants {range}");
            }
        }
    });
}
