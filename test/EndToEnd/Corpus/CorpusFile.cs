using System.Text.Json;

namespace EndToEnd.Corpus;

/// <summary>The recorded cases: Transcripts/transcripts.jsonl, one JSON object a line.</summary>
internal static class CorpusFile
{
    /// <summary>The version of the reference that Debian ships; cases name those they were recorded of.</summary>
    private const string ReferenceVersion = "7.2.22";

    private const string NewestVersion = "10.2.50";

    /// <summary>Deep enough for the cases about nesting.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 2048 };

    /// <summary>Every case that was recorded of the reference at hand, with what that version does.</summary>
    internal static IReadOnlyDictionary<string, TranscriptCase> OfReference { get; } = Read(
        json => IsRecordedOf(json, ReferenceVersion),
        "_7.2");

    /// <summary>Every case of the newest version, which is what we implement.</summary>
    internal static IReadOnlyDictionary<string, TranscriptCase> OfNewest { get; } = Read(
        json => IsRecordedOf(json, NewestVersion),
        "");

    /// <summary>Parses text that may be nested as deep as the protocol allows.</summary>
    internal static JsonElement Parse(string text) => JsonDocument.Parse(text, Deep).RootElement;

    private static bool IsRecordedOf(JsonElement json, string version) =>
        json.GetProperty("verified_on").EnumerateArray().Any(recorded => recorded.GetString() == version);

    private static Dictionary<string, TranscriptCase> Read(Func<JsonElement, bool> wanted, string versionSuffix) =>
        File.ReadLines(Checkout.BesideTests("Transcripts", "transcripts.jsonl"))
            .Select(Parse)
            .Where(wanted)
            .Select(json => CaseReader.Read(json, versionSuffix))
            .ToDictionary(@case => @case.Name);
}
