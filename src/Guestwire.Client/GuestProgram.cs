namespace Guestwire.Client;

/// <summary>A program to run in a guest.</summary>
/// <param name="Path">The program; without a slash it is searched for in PATH.</param>
public sealed record GuestProgram(string Path)
{
    /// <summary>Its arguments, without its own name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables, each "NAME=value", that are added to the agent's environment.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>The account that it runs as, a name or a number; null for that of the agent.</summary>
    public string? User { get; init; }

    /// <summary>The folder that it starts in, an absolute path; null for that of the agent.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>How long it may run, in whole seconds; null for as long as it wants. Then its process group gets SIGTERM, and SIGKILL five seconds later.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether its output is wanted.</summary>
    public bool CapturesOutput { get; init; } = true;

    /// <summary>Whether its standard error is one with its standard output, in the order written.</summary>
    public bool MergesError { get; init; }

    /// <summary>
    /// Whether it is given something to read. Where the agent cannot stream, all of it is gathered before the program starts: then the program starts
    /// with <see cref="GuestProcess.CompleteInputAsync"/>.
    /// </summary>
    public bool HasInput { get; init; }
}
