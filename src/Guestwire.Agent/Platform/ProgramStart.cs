namespace Guestwire.Agent.Platform;

/// <summary>What to start, and how.</summary>
/// <param name="Path">The program; without a slash it is looked for in PATH.</param>
/// <param name="Arguments">Its arguments, without the program's own name, which is <paramref name="Path"/>.</param>
/// <param name="Environment">Its whole environment, as <c>NAME=value</c>; null to inherit the agent's.</param>
/// <param name="Input">What to feed into its standard input; null for <c>/dev/null</c>.</param>
/// <param name="CaptureOutput">Whether its standard output is collected.</param>
/// <param name="CaptureError">Whether its standard error is collected.</param>
/// <param name="MergeError">Whether its standard error goes where its standard output goes.</param>
internal sealed record ProgramStart(
    string Path, IReadOnlyList<string> Arguments, IReadOnlyList<string>? Environment, ReadOnlyMemory<byte>? Input,
    bool CaptureOutput, bool CaptureError, bool MergeError)
{
    /// <summary>The folder that it starts in, an absolute path; null for the agent's.</summary>
    internal string? Folder { get; init; }

    /// <summary>The account that it runs as, a name or a number; null for the agent's.</summary>
    internal string? User { get; init; }
}
