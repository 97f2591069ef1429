namespace Guestwire.Agent.Tests;

/// <summary>A log that keeps its lines; they may come from any thread.</summary>
internal sealed class RecordedLog : IAgentLog
{
    private readonly List<string> _lines = [];

    /// <summary>Whether to be what the log is by default: no audit, no lines that only <c>-v</c> wants, and nothing is kept.</summary>
    internal bool Forgets { get; set; }

    /// <inheritdoc/>
    public bool IsVerbose => !Forgets;

    /// <summary>All lines together.</summary>
    internal string Text
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Whether its lines are to wait.</summary>
    internal bool IsHeld { get; private set; }

    /// <inheritdoc/>
    public void Hold() => IsHeld = true;

    /// <inheritdoc/>
    public void Release() => IsHeld = false;

    /// <inheritdoc/>
    public void Log(LogLevel level, string text) => Account(text);

    /// <inheritdoc/>
    public bool HasAudit => !Forgets;

    /// <inheritdoc/>
    public void Audit(string line) => Account(line);

    /// <inheritdoc/>
    public void Account(string text)
    {
        lock (_lines)
        {
            if (!Forgets)
            {
                _lines.Add(text);
            }
        }
    }
}
