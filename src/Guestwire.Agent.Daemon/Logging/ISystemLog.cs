namespace Guestwire.Agent.Daemon.Logging;

/// <summary>The operating system's own log, where administrators look for what was done to the machine.</summary>
internal interface ISystemLog
{
    /// <summary>Writes one line of level info.</summary>
    void Write(string text);
}
