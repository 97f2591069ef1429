using System.Globalization;

namespace Guestwire.Bench;

/// <summary>What docs/promises.md promises for a row.</summary>
/// <param name="Text">In the table.</param>
/// <param name="IsMet">Whether our value, beside the reference's, keeps it.</param>
internal sealed record Promise(string Text, Func<double, double, bool> IsMet)
{
    /// <summary>At most so many times the reference's value.</summary>
    internal static Promise AtMostTimes(double factor) =>
        new(string.Create(CultureInfo.InvariantCulture, $"≤ {factor} x"), (ours, reference) => ours <= factor * reference);

    /// <summary>At least so many times the reference's value.</summary>
    internal static Promise AtLeastTimes(double factor) =>
        new(string.Create(CultureInfo.InvariantCulture, $"≥ {factor} x"), (ours, reference) => ours >= factor * reference);

    /// <summary>At most this, whatever the reference has.</summary>
    internal static Promise AtMost(double value) =>
        new(string.Create(CultureInfo.InvariantCulture, $"≤ {value}"), (ours, _) => ours <= value);
}
