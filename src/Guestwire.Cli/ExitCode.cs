namespace Guestwire.Cli;

/// <summary>What the command's exit code says. <c>exec</c> has its own: those of the program, and from 125 on as env(1) has them.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    internal const int Done = 0;

    /// <summary>The guest said no, or what was to be done failed.</summary>
    internal const int Failed = 1;

    /// <summary>The command line or the configuration is wrong; nothing was done.</summary>
    internal const int Usage = 2;

    /// <summary>The guest or its agent cannot be reached.</summary>
    internal const int Unreachable = 3;

    /// <summary>The agent did not answer in time, or what was waited for did not come.</summary>
    internal const int TimedOut = 4;

    /// <summary>Of several guests some did and some did not.</summary>
    internal const int Partly = 5;

    /// <summary>Ended by Ctrl-C.</summary>
    internal const int Interrupted = 130;

    /// <summary>All of them for people.</summary>
    internal const string Explanation =
        "0 done; 1 the guest refused or it failed; 2 wrong usage; 3 guest not reachable; 4 no answer in time; "
        + "5 of several guests some failed; 130 interrupted";
}
