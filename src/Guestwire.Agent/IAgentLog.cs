namespace Guestwire.Agent;

/// <summary>Where the agent's lines go. Never file contents, passwords or base64.</summary>
public interface IAgentLog
{
    /// <summary>Whether lines below <see cref="LogLevel.Critical"/> are kept; ask before composing an expensive one.</summary>
    bool IsVerbose { get; }

    /// <summary>Writes a line to the log.</summary>
    void Log(LogLevel level, string text);

    /// <summary>Writes a line to the system's log whatever the level: what a host had this guest do.</summary>
    void Account(string text);

    /// <summary>From now on nothing is written, lines wait in memory: filesystems are about to freeze.</summary>
    void Hold();

    /// <summary>Writes what has waited; from now on lines are written at once again.</summary>
    void Release();
}
