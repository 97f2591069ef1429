using System.Text.Json;

namespace EndToEnd.Corpus;

/// <summary>The recorded cases: Transcripts/transcripts.jsonl, one JSON object a line.</summary>
internal static class CorpusFile
{
    /// <summary>The version of the reference that Debian ships; cases name those they were recorded of.</summary>
    private const string ReferenceVersion = "7.2.22";

    /// <summary>The version whose behaviour we implement.</summary>
    private const string NewestVersion = "10.2.50";

    /// <summary>Deep enough for the cases about nesting.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 2048 };

    /// <summary>Every case that was recorded of the reference at hand, with what that version does.</summary>
    internal static IReadOnlyDictionary<string, TranscriptCase> OfReference { get; } = Read(ReferenceVersion, "_7.2");

    /// <summary>Every case of the newest version, which is what we implement.</summary>
    internal static IReadOnlyDictionary<string, TranscriptCase> OfNewest { get; } = Read(NewestVersion, "");

    /// <summary>Parses text that may be nested as deep as the protocol allows.</summary>
    internal static JsonElement Parse(string text) => JsonDocument.Parse(text, Deep).RootElement;

    private static Dictionary<string, TranscriptCase> Read(string version, string versionSuffix) =>
        File.ReadLines(Checkout.BesideTests("Transcripts", "transcripts.jsonl"))
            .Select(Parse)
            .Where(json => json.GetProperty("verified_on").EnumerateArray().Any(verified => verified.GetString() == version))
            .Select(json => CaseReader.Read(json, versionSuffix))
            .ToDictionary(@case => @case.Name);
}
