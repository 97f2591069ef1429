using System.Globalization;
using System.Text;

namespace Guestwire.Agent.Daemon.Logging;

/// <summary>
/// The form of a log line: <c>1763776005.012345: critical: text</c>, that is, the seconds since 1970 in UTC with six
/// digits of a fraction, the level in small letters, the text, a newline.
/// </summary>
internal static class LogLine
{
    /// <summary>The line's bytes.</summary>
    public static byte[] Format(DateTimeOffset time, LogLevel level, string text)
    {
        (long seconds, long ticks) = Math.DivRem((time - DateTimeOffset.UnixEpoch).Ticks, TimeSpan.TicksPerSecond);
        string fraction = (ticks / TimeSpan.TicksPerMicrosecond).ToString("D6", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($"{seconds.ToString(CultureInfo.InvariantCulture)}.{fraction}: {Name(level)}: {text}\n");
    }

    /// <summary>The word for a level.</summary>
    public static string Name(LogLevel level) => level switch
    {
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        LogLevel.Warning => "warning",
        LogLevel.Message => "message",
        LogLevel.Info => "info",
        _ => "debug",
    };
}
