using System.Globalization;
using System.Text;

namespace Guestwire.Cli.Output;

/// <summary>Numbers as people read them, and text from a guest as a terminal may see it.</summary>
internal static class HumanText
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A number of bytes with three digits or so: "1.5 GiB".</summary>
    internal static string Size(double bytes)
    {
        int unit = 0;
        while (Math.Abs(bytes) >= 1024 && unit < s_units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit > 0 && Math.Abs(bytes) < 99.95 ? $"{bytes:0.0}" : $"{bytes:0}")} {s_units[unit]}");
    }

    /// <summary>Bytes in a second.</summary>
    internal static string Rate(double bytesPerSecond) => $"{Size(bytesPerSecond)}/s";

    /// <summary>A share, 0 to 1, in percent; rounded up, as df(1) does, so that what is not empty is not 0.</summary>
    internal static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(share * 100):0} %");

    /// <summary>A time of day with its offset to UTC.</summary>
    internal static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>Whole numbers as ranges: "0-3,5".</summary>
    internal static string Ranges(IEnumerable<ulong> numbers)
    {
        StringBuilder text = new();
        ulong? first = null;
        ulong last = 0;
        foreach (ulong number in numbers.Order())
        {
            if (first is not null && number == last + 1)
            {
                last = number;
                continue;
            }

            Append(text, first, last);
            first = last = number;
        }

        return Append(text, first, last).ToString();

        static StringBuilder Append(StringBuilder text, ulong? first, ulong last) =>
            first is null ? text : text.Append(text.Length > 0 ? "," : "").Append(first == last ? $"{last}" : $"{first}-{last}");
    }

    /// <summary>
    /// Text that a guest made up, without characters that a terminal would obey: a guest must not write on its host's screen where it likes.
    /// </summary>
    internal static string Safe(string text) =>
        text.Any(IsUnsafe) ? string.Create(text.Length, text, static (span, text) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = IsUnsafe(text[i]) ? '\uFFFD' : text[i];
            }
        }) : text;

    /// <summary>The same for text of several lines, which stay lines.</summary>
    internal static string SafeLines(string text) => string.Join('\n', text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n').Select(Safe));

    /// <summary>What goes to standard error when something is wrong.</summary>
    internal static string Complaint(string text) => $"guestwire: {SafeLines(text)}";

    // Control characters, and those that turn the direction of writing.
    private static bool IsUnsafe(char character) =>
        char.IsControl(character) || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029';
}
