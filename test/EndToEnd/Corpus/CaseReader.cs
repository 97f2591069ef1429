using System.Text.Json;

namespace EndToEnd.Corpus;

/// <summary>Reads a case from its line of JSON, as recorded of one version of the reference.</summary>
/// <remarks>
/// <c>expect</c> and <c>files_after</c> are what the newest version does; a version that differs has its own beside
/// them, <c>expect_7.2</c> and <c>files_after_7.2</c>.
/// </remarks>
internal static class CaseReader
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    /// <summary>Reads one case.</summary>
    /// <param name="json">The case.</param>
    /// <param name="versionSuffix">Added to the names of version-bound members where such a member exists: <c>_7.2</c> or nothing.</param>
    internal static TranscriptCase Read(JsonElement json, string versionSuffix)
    {
        bool isCli = Text(json, "kind") == "cli";
        return new TranscriptCase
        {
            Name = Text(json, "name")!,
            Arguments = Strings(Member(json, isCli ? "argv" : "args")),
            Environment = Member(json, "env").EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString()!),
            Files = Member(json, "files").EnumerateObject().ToDictionary(m => m.Name, m => ReadFile(m.Value)),
            StateFiles = Member(json, "state_files").EnumerateObject().ToDictionary(m => m.Name, m => ReadFile(m.Value)),
            Setup = Text(json, "setup") ?? "",
            Needs = Strings(Member(json, "needs")),
            Steps = isCli ? [] : [.. json.GetProperty("steps").EnumerateArray().Select(s => ReadStep(s, versionSuffix))],
            Cli = isCli ? ReadCli(Versioned(json, "expect", versionSuffix)) : null,
            SignalAfterStart = json.TryGetProperty("signal_after_start", out JsonElement signal) ? signal.GetInt32() : null,
            FilesAfter = ReadFilesAfter(Versioned(json, "files_after", versionSuffix)),
        };
    }

    /// <summary>Reads what one step must answer.</summary>
    internal static StepExpectation ReadExpectation(JsonElement json)
    {
        IReadOnlyList<ExpectedReply>? replies = json.TryGetProperty("replies", out JsonElement list)
            ? [.. list.EnumerateArray().Select(ReadReply)]
            : null;
        return new StepExpectation(
            replies,
            replies?.Count ?? json.GetProperty("reply_count").GetInt32(),
            Text(json, "raw"),
            Text(json, "raw_sha256"));
    }

    /// <summary>Reads how a run of the program must end.</summary>
    internal static CliExpectation ReadCli(JsonElement json) => new(
        json.GetProperty("exit_code").GetInt32(),
        Text(json, "stdout"),
        Text(json, "stdout_prefix"),
        json.GetProperty("stderr_empty").GetBoolean());

    /// <summary>Reads what files must hold in the end.</summary>
    internal static IReadOnlyDictionary<string, JsonElement> ReadFilesAfter(JsonElement json) =>
        json.EnumerateObject().ToDictionary(m => m.Name, m => m.Value);

    private static Step ReadStep(JsonElement json, string versionSuffix)
    {
        double pause = json.TryGetProperty("wait_after_s", out JsonElement seconds) ? seconds.GetDouble() : 0;
        return new Step(
            Text(json, "send"),
            json.TryGetProperty("send_b64", out JsonElement bytes) ? bytes.GetBytesFromBase64() : null,
            TimeSpan.FromSeconds(pause),
            ReadExpectation(Versioned(json, "expect", versionSuffix)));
    }

    private static ExpectedReply ReadReply(JsonElement json) => new(
        json.TryGetProperty("sentinel", out JsonElement sentinels) ? sentinels.GetInt32() : 0,
        json.TryGetProperty("json", out JsonElement template) ? template : default,
        Text(json, "not_json"));

    private static FileContent ReadFile(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? new FileContent(json.GetString(), null)
        : json.TryGetProperty("b64", out JsonElement bytes)
            ? new FileContent(null, bytes.GetBytesFromBase64())
            : new FileContent(Text(json, "text"), null);

    private static JsonElement Versioned(JsonElement json, string name, string versionSuffix) =>
        json.TryGetProperty(name + versionSuffix, out JsonElement own) ? own : Member(json, name);

    private static JsonElement Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement member) ? member : Nothing;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement member) ? member.GetString() : null;

    private static IReadOnlyList<string> Strings(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().Select(s => s.GetString()!)] : [];
}
