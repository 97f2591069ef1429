using System.Text;

namespace Guestwire.Agent.Daemon.Logging;

/// <summary>
/// The agent's log: errors and criticals, or with <c>-v</c> everything, to one sink; what hosts had the guest do to the
/// system's log, and where there is one, line for line, to a file for audits. Worker threads write to it as well.
/// <para>
/// While filesystems are frozen a write to one of them would hang the agent, and with it the thaw; the system's log is no
/// better, for its daemon writes to the same disks. So between <see cref="Hold"/> and <see cref="Release"/> lines wait in memory.
/// </para>
/// </summary>
/// <param name="lines">Where log lines go.</param>
/// <param name="accounts">Where accounts go.</param>
/// <param name="audit">Where the account of requests goes; null for nowhere.</param>
/// <param name="clock">The time in each line.</param>
/// <param name="verbose">Whether lines of every level are kept.</param>
internal sealed class DaemonLog(ILogSink lines, ISystemLog accounts, ILogSink? audit, TimeProvider clock, bool verbose) : IAgentLog
{
    /// <summary>Our own limit: some thousand lines, of which the oldest are the ones to keep.</summary>
    internal const int MaxHeldChars = 256 * 1024;

    private readonly Lock _lock = new(); // guards all that follows, and keeps lines whole
    private List<HeldLine>? _held;
    private int _heldChars;
    private int _dropped;

    /// <inheritdoc/>
    public bool IsVerbose => verbose;

    /// <inheritdoc/>
    public void Log(LogLevel level, string text)
    {
        if (verbose || level <= LogLevel.Critical)
        {
            Add(new HeldLine(clock.GetUtcNow(), level, text));
        }
    }

    /// <inheritdoc/>
    public void Account(string text) => Add(new HeldLine(default, null, text));

    /// <inheritdoc/>
    public bool HasAudit => audit is not null;

    /// <inheritdoc/>
    public void Audit(string line) => Add(new HeldLine(default, null, line, IsAudit: true));

    /// <inheritdoc/>
    public void Hold()
    {
        lock (_lock)
        {
            _held ??= [];
        }
    }

    /// <inheritdoc/>
    public void Release()
    {
        lock (_lock)
        {
            if (_held is null)
            {
                return;
            }

            foreach (HeldLine line in _held)
            {
                Write(line);
            }

            if (_dropped > 0)
            {
                Write(new HeldLine(clock.GetUtcNow(), LogLevel.Critical, $"{_dropped} log lines were lost while filesystems were frozen"));
            }

            _held = null;
            _heldChars = 0;
            _dropped = 0;
        }
    }

    private void Add(HeldLine line)
    {
        lock (_lock)
        {
            if (_held is null)
            {
                Write(line);
            }
            else if (_heldChars + line.Text.Length > MaxHeldChars)
            {
                _dropped++;
            }
            else
            {
                _heldChars += line.Text.Length;
                _held.Add(line);
            }
        }
    }

    private void Write(HeldLine line)
    {
        if (line.IsAudit)
        {
            audit?.Write(Encoding.UTF8.GetBytes(line.Text));
        }
        else if (line.Level is { } level)
        {
            lines.Write(LogLine.Format(line.Time, level, line.Text));
        }
        else
        {
            accounts.Write(line.Text);
        }
    }

    /// <param name="Time">When it was said.</param>
    /// <param name="Level">Null for an account.</param>
    /// <param name="Text">What was said.</param>
    /// <param name="IsAudit">Whether it is a line for audits, complete.</param>
    private readonly record struct HeldLine(DateTimeOffset Time, LogLevel? Level, string Text, bool IsAudit = false);
}
