namespace Guestwire.Agent.Tests;

/// <summary>A log that keeps its lines; they may come from any thread.</summary>
internal sealed class RecordedLog : IAgentLog
{
    private readonly List<string> _lines = [];

    /// <inheritdoc/>
    public bool IsVerbose => true;

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
    public bool HasAudit => true;

    /// <inheritdoc/>
    public void Audit(string line) => Account(line);

    /// <inheritdoc/>
    public void Account(string text)
    {
        lock (_lines)
        {
            _lines.Add(text);
        }
    }
}
