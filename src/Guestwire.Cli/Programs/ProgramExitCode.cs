namespace Guestwire.Cli.Programs;

/// <summary>Exit codes of verbs that run programs: those of the program, and above them these, as timeout(1) and env(1) have them.</summary>
internal static class ProgramExitCode
{
    /// <summary>The program took longer than it might.</summary>
    internal const int TimedOut = 124;

    /// <summary>What failed is not the program.</summary>
    internal const int Ours = 125;

    /// <summary>The program cannot be run.</summary>
    internal const int NotExecutable = 126;

    /// <summary>There is no such program.</summary>
    internal const int NotFound = 127;
}
