using System.Text;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// os-release: lines of <c>KEY=value</c> as a shell would assign them, comments that begin with <c>#</c>, empty lines. In
/// double quotes a backslash takes away the meaning of dollar, quotes, backslash and backtick; in single quotes nothing has a meaning;
/// outside quotes a backslash takes away the meaning of any character. A line that is none of this is passed over, and the last
/// of several lines for a key counts. Source: os-release(5).
/// </summary>
/// <remarks>More lenient than a shell: blanks around the equals sign are allowed, and an unquoted value may contain blanks.</remarks>
internal static class OsRelease
{
    private const int UsualValueBytes = 256;

    // The other keys of the file, such as addresses of web pages, are of no use to a host.
    private static readonly string[] WantedKeys = ["ID", "NAME", "PRETTY_NAME", "VERSION", "VERSION_ID", "VARIANT", "VARIANT_ID"];

    /// <summary>Reads the file.</summary>
    /// <returns>The values by key, of the keys that hosts are told.</returns>
    internal static Dictionary<string, string> Parse(ReadOnlySpan<byte> text)
    {
        Dictionary<string, string> values = new(WantedKeys.Length);
        TextLines lines = new(text);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            int equals = line.IndexOf((byte)'=');
            if (equals > 0
                && FindWanted(line[..equals].Trim(" \t"u8)) is string key && TryUnquote(line[(equals + 1)..].Trim(" \t\r"u8), out string value))
            {
                values[key] = value;
            }
        }

        return values;
    }

    /// <summary>Takes quotes and backslashes away.</summary>
    /// <returns>False when a quote is not closed.</returns>
    internal static bool TryUnquote(ReadOnlySpan<byte> raw, out string value)
    {
        Span<byte> plain = raw.Length <= UsualValueBytes ? stackalloc byte[UsualValueBytes] : new byte[raw.Length];
        int length = 0;
        int blanks = 0;
        byte quote = 0;
        bool quoted = false;
        for (int i = 0; i < raw.Length; i++)
        {
            byte current = raw[i];
            bool blank = current is (byte)' ' or (byte)'\t';
            if (quote == 0 && (current == (byte)';' || (blank && quoted) || (current == (byte)'#' && blanks > 0)))
            {
                break;
            }

            if (quote == 0 && (current is (byte)'"' or (byte)'\''))
            {
                quote = current;
                quoted = true;
                continue;
            }

            if (quote != 0 && current == quote)
            {
                quote = 0;
                continue;
            }

            if (current == (byte)'\\' && quote != (byte)'\'' && i + 1 < raw.Length
                && (quote == 0 || raw[i + 1] is (byte)'$' or (byte)'"' or (byte)'\'' or (byte)'\\' or (byte)'`'))
            {
                current = raw[++i];
                blank = false;
            }

            // Blanks at the end of an unquoted value, before a comment, do not belong to it.
            blanks = blank && quote == 0 ? blanks + 1 : 0;
            plain[length++] = current;
        }

        value = Encoding.UTF8.GetString(plain[..(length - blanks)]);
        return quote == 0;
    }
    private static string? FindWanted(ReadOnlySpan<byte> key)
    {
        foreach (string wanted in WantedKeys)
        {
            if (Ascii.Equals(key, wanted))
            {
                return wanted;
            }
        }

        return null;
    }
}
