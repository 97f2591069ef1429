using System.Text.Json;

namespace EndToEnd.Corpus;

/// <summary>One case of the corpus: how to start an agent, what to send, what must come back.</summary>
/// <remarks>
/// A <c>wire</c> case (<see cref="Steps"/>) is a conversation over a unix socket; a <c>cli</c> case (<see cref="Cli"/>)
/// is one run of the program. Texts may hold variables such as <c>${DIR}</c>, see <see cref="Play.TextVariables"/>.
/// </remarks>
internal sealed record TranscriptCase
{
    /// <summary>Unique; the tests are named by it.</summary>
    public required string Name { get; init; }

    /// <summary>Added to a wire case's own arguments, or all the arguments of a cli case.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Added to the environment of PATH, HOME and TZ=UTC.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Contents by name, put into <c>${DIR}</c> before the start. Text; its variables are replaced.</summary>
    public required IReadOnlyDictionary<string, FileContent> Files { get; init; }

    /// <summary>Contents by name, put into <c>${STATE}</c> before the start.</summary>
    public required IReadOnlyDictionary<string, FileContent> StateFiles { get; init; }

    /// <summary>Shell commands that run in the sandbox before the agent starts.</summary>
    public required string Setup { get; init; }

    /// <summary>Programs and mounts that the case takes for granted, for instance <c>loop-ext4</c>.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>The conversation of a wire case; empty in a cli case.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>What a cli case must end with; null in a wire case.</summary>
    public CliExpectation? Cli { get; init; }

    /// <summary>The signal that a cli case gets once it is up.</summary>
    public int? SignalAfterStart { get; init; }

    /// <summary>Files in <c>${DIR}</c> after the last step: contents, <c>mode:666</c>, or a folder's sorted names.</summary>
    public required IReadOnlyDictionary<string, JsonElement> FilesAfter { get; init; }
}

/// <summary>One message of a wire case and its answer.</summary>
/// <param name="Text">What is sent, with variables; null when <paramref name="Bytes"/> says it.</param>
/// <param name="Bytes">What is sent when it is not plain text.</param>
/// <param name="Pause">How long to wait after the reply, so that a started program can end.</param>
/// <param name="Expectation">What must come back.</param>
internal sealed record Step(string? Text, byte[]? Bytes, TimeSpan Pause, StepExpectation Expectation);

/// <summary>What must come back for one step.</summary>
/// <param name="Replies">Templates in order; null when only their number is stated.</param>
/// <param name="ReplyCount">How many lines come.</param>
/// <param name="Raw">The exact output, U+00FF standing for the byte FF; null when it is volatile.</param>
/// <param name="RawSha256">Hash of an output too long to be stated, in lower-case hex.</param>
internal sealed record StepExpectation(
    IReadOnlyList<ExpectedReply>? Replies, int ReplyCount, string? Raw, string? RawSha256);

/// <summary>One reply line.</summary>
/// <param name="Sentinels">How many 0xFF bytes precede it.</param>
/// <param name="Template">The JSON value with placeholders; undefined when <paramref name="NotJson"/> says the line.</param>
/// <param name="NotJson">The line itself, where the reference writes something that is no JSON.</param>
internal sealed record ExpectedReply(int Sentinels, JsonElement Template, string? NotJson);

/// <summary>How a run of the program ends.</summary>
/// <param name="ExitCode">As a shell sees it: 128 + n for signal n.</param>
/// <param name="Output">All of standard output; null when only its beginning is stated.</param>
/// <param name="OutputPrefix">The beginning of standard output.</param>
/// <param name="ErrorsEmpty">Whether standard error is empty.</param>
internal sealed record CliExpectation(int ExitCode, string? Output, string? OutputPrefix, bool ErrorsEmpty);

/// <summary>What a file holds before the start: text with variables, or bytes as they are.</summary>
internal sealed record FileContent(string? Text, byte[]? Bytes);
