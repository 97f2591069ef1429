using System.Globalization;
using Xunit.Abstractions;

namespace EndToEnd.Faults.Guest;

/// <summary>Where a test's random numbers begin: anew each time, or where the variable says that a failed run began.</summary>
internal static class Seed
{
    private const string Variable = "GUESTWIRE_FAULT_SEED";

    /// <summary>A generator whose seed stands in the test's output.</summary>
    internal static Random Draw(ITestOutputHelper output)
    {
        int seed = Environment.GetEnvironmentVariable(Variable) is string text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Variable}={seed}"));
        return new Random(seed);
    }
}
