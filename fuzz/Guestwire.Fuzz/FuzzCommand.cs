using System.Globalization;
using Guestwire.Fuzz.Search;
using Guestwire.Fuzz.Targets;

namespace Guestwire.Fuzz;

/// <summary>The command: searches targets one after the other and says how it went.</summary>
internal static class FuzzCommand
{
    private const int Usage = 2;

    private static readonly TimeSpan s_defaultTime = TimeSpan.FromMinutes(1);

    /// <summary>Runs the command; in the copy of the program whose code under test is instrumented.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="folder">Where findings go.</param>
    /// <param name="output">Where lines go.</param>
    /// <returns>Exit status: 0 nothing found, 1 something found, 2 a command line that makes no sense.</returns>
    internal static int Run(string[] words, string folder, TextWriter output)
    {
        if (words.Contains("--help") || FuzzOptions.Parse(words) is not { } options)
        {
            output.WriteLine(FuzzOptions.Help);
            return words.Contains("--help") ? 0 : Usage;
        }

        string[] unknown = [.. options.Targets.Where(name => TargetList.Find(name) is null)];
        FuzzTarget[] targets = options.Targets.Count == 0 ? [.. TargetList.All] : [.. options.Targets.Select(TargetList.Find).OfType<FuzzTarget>()];
        if (unknown.Length > 0 || (options.Replay is not null && targets.Length != 1))
        {
            output.WriteLine(unknown.Length > 0 ? $"there is no target {unknown[0]}; ./fuzz/run --list" : "an input is run again with one target");
            return Usage;
        }

        if (options.List)
        {
            foreach (FuzzTarget target in targets)
            {
                output.WriteLine($"{target.Name,-16} {target.About}");
            }

            return 0;
        }

        FindingFolder findings = new(folder);
        return options.Replay is not null ? Replay(targets[0], File.ReadAllBytes(options.Replay), output)
            : options.Collect ? Collect(findings, output)
            : Search(targets, options, findings, output);
    }

    private static int Replay(FuzzTarget target, byte[] input, TextWriter output)
    {
        Fault? fault = new InputRun(target).Execute(input);
        output.WriteLine(fault is null ? $"{target.Name}: nothing wrong" : $"{target.Name}: {fault.Text}");
        return fault is null ? 0 : 1;
    }

    /// <summary>A process that dies cannot write its finding; the input it died of lies there.</summary>
    private static int Collect(FindingFolder findings, TextWriter output)
    {
        string[] left = Directory.GetFiles(findings.Path, LastInput.Prefix + "*");
        foreach (string path in left)
        {
            string target = Path.GetFileName(path)[LastInput.Prefix.Length..];
            output.WriteLine("found: " + findings.Write(target, LastInput.Read(path), new Fault("death", "the process died")));
            File.Delete(path);
        }

        return left.Length > 0 ? 1 : 0;
    }

    private static int Search(FuzzTarget[] targets, FuzzOptions options, FindingFolder findings, TextWriter output)
    {
        TimeSpan share = options.Inputs is null ? (options.Time ?? s_defaultTime) / targets.Length : TimeSpan.MaxValue;
        List<CampaignResult> results = [];
        foreach (FuzzTarget target in targets)
        {
            CampaignResult result = new Campaign(target, options.Seed, findings)
                .Search(options.Inputs ?? long.MaxValue, share, progress => output.WriteLine("  " + Line(progress)));
            results.Add(result);
            output.WriteLine(Line(result));
            foreach (string file in result.Findings)
            {
                output.WriteLine($"found: {file}\n{File.ReadAllText(file + ".txt")}");
            }
        }

        CampaignResult all = new(
            "all",
            results.Sum(result => result.Inputs),
            TimeSpan.FromSeconds(results.Sum(result => result.Time.TotalSeconds)),
            results.Sum(result => result.Edges),
            results.Sum(result => result.CorpusInputs),
            [.. results.SelectMany(result => result.Findings)]);
        output.WriteLine();
        output.WriteLine(string.Join('\n', [Heading, .. results.Append(all).Select(Row)]));
        return all.Findings.Count == 0 ? 0 : 1;
    }

    private static string Line(CampaignResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Target}: {result.Inputs} inputs, {result.Rate:F0}/s, {result.Edges} edges, corpus {result.CorpusInputs}, {result.Findings.Count} findings");

    private const string Heading = "| target | inputs | seconds | inputs/s | edges | corpus | findings |\n|---|---:|---:|---:|---:|---:|---:|";

    private static string Row(CampaignResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {result.Target} | {result.Inputs} | {result.Time.TotalSeconds:F0} | {result.Rate:F0} | {result.Edges} | {result.CorpusInputs} | {result.Findings.Count} |");
}
