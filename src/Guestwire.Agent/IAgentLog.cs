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

    /// <summary>Whether there is an account of requests to be kept; ask before composing a line of it.</summary>
    bool HasAudit { get; }

    /// <summary>Writes a line of the account of requests, its end included.</summary>
    void Audit(string line);

    /// <summary>From now on nothing is written, lines wait in memory: filesystems are about to freeze.</summary>
    void Hold();

    /// <summary>Writes what has waited; from now on lines are written at once again.</summary>
    void Release();
}
