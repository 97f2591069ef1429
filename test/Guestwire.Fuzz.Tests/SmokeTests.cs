using System.Globalization;
using Guestwire.Fuzz.Coverage;
using Guestwire.Fuzz.Targets;

namespace Guestwire.Fuzz.Tests;

/// <summary>The command as it is run by hand, with instrumented code, for a moment.</summary>
public sealed class SmokeTests
{
    private const int Inputs = 5_000;

    /// <summary>The smallest parser has more; without instrumentation there are none.</summary>
    private const int FewestEdges = 40;

    [Fact]
    public void A_few_thousand_inputs_break_no_target_and_reach_each_parser()
    {
        (int status, string output) = Run("--inputs", Inputs.ToString(CultureInfo.InvariantCulture), "--seed", "20261122");

        Assert.True(status == 0, output);
        foreach (FuzzTarget target in TargetList.All)
        {
            string[] row = output.Split('\n').Last(line => line.StartsWith($"| {target.Name} |", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries);
            Assert.Equal(Inputs, int.Parse(row[2], CultureInfo.InvariantCulture));
            Assert.InRange(int.Parse(row[5], CultureInfo.InvariantCulture), FewestEdges, EdgeMap.Size);
            Assert.InRange(int.Parse(row[6], CultureInfo.InvariantCulture), target.Seeds.Count() + 1, Inputs);
        }
    }

    [Fact]
    public void The_same_seed_searches_the_same_inputs()
    {
        string[] words = ["patterns", "--inputs", "2000", "--seed"];

        Assert.Equal(Reached(Run([.. words, "7"]).Output), Reached(Run([.. words, "7"]).Output));
    }

    [Fact]
    public void What_makes_no_sense_is_told_and_nothing_is_searched()
    {
        Assert.Equal(2, Run("no-such-target").Status);
        Assert.Equal(2, Run("--inputs", "none").Status);
        Assert.Equal(2, Run("--minutes", "1", "--inputs", "1").Status);
        Assert.Contains("./fuzz/run framer", Run("--help").Output, StringComparison.Ordinal);
    }

    // Edges and corpus, which depend on nothing but the inputs.
    private static string Reached(string output) =>
        string.Join(' ', output.Split('\n').Last(line => line.StartsWith("| patterns |", StringComparison.Ordinal)).Split('|')[5..7]);

    private static (int Status, string Output) Run(params string[] words)
    {
        using FindingsOfTest findings = new();
        using StringWriter output = new();
        object? status = new InstrumentedContext(InstrumentedContext.CodeUnderTest)
            .Call(typeof(FuzzCommand), nameof(FuzzCommand.Run), words, findings.Path, output);
        return ((int)status!, output.ToString());
    }
}
