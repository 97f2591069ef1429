using System.Text.Json;

namespace EndToEnd.Corpus;

/// <summary>Where our agent is meant to differ from the recordings, each with its reason.</summary>
internal static class DeviationFile
{
    private static readonly JsonElement Json =
        CorpusFile.Parse(File.ReadAllText(Checkout.BesideTests("Transcripts", "deviations.json")));

    /// <summary>The deviations by the case's name.</summary>
    internal static IReadOnlyDictionary<string, Deviation> Deviations { get; } =
        Json.GetProperty("deviations").EnumerateArray()
            .Select(d => new Deviation(d.GetProperty("name").GetString()!, d.GetProperty("reason").GetString()!, d))
            .ToDictionary(deviation => deviation.Name);

    /// <summary>Commands that our agent does not serve yet: it says that they have not been found.</summary>
    internal static IReadOnlySet<string> WaitingCommands { get; } =
        Json.GetProperty("waiting_commands").EnumerateArray().Select(command => command.GetString()!).ToHashSet();
}
