using System.Text;
using System.Text.Unicode;

namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// A key file as GLib reads it. The format, line by line (LF or CR LF; leading blanks do not count):
/// <code>
/// # comment            also: an empty line
/// [group]              blanks may follow; a group may come again and goes on
/// key = value          blanks around '=' are dropped, those at the end belong to the value; the last of equal keys wins
/// key[locale] = value  allowed, and a key of its own
/// </code>
/// Any other line makes the whole file unreadable, and so does a pair before the first group. A string's escapes are
/// <c>\s \t \n \r \\</c>; a boolean is one of <c>true false 1 0</c>, exactly, blanks after it allowed. Whether a value is
/// UTF-8 and its escapes are valid matters only for keys that somebody reads. Source: the reference's behaviour, and the
/// Desktop Entry Specification's basic format.
/// </summary>
internal sealed class KeyFile
{
    private readonly List<Entry> _entries = [];
    private readonly List<(string Name, int Line)> _groups = [];
    private string? _firstGroup;
    private string? _group;
    private int _line;

    private KeyFile()
    {
    }

    /// <summary>All groups in the order of the file, with the line on which each begins, from 1; one that comes again is listed once.</summary>
    public IReadOnlyList<(string Name, int Line)> Groups => _groups;

    /// <summary>All pairs in the order of the file, as group, key and line; one that comes again is listed again.</summary>
    public IEnumerable<(string Group, string Key, int Line)> Keys
    {
        get
        {
            foreach (Entry entry in _entries)
            {
                yield return (entry.Group, entry.Key, entry.Line);
            }
        }
    }

    /// <summary>Reads a whole file's bytes.</summary>
    /// <param name="content">The bytes; need not be UTF-8.</param>
    /// <param name="file">The file, when it is one.</param>
    /// <param name="reason">Why it is none.</param>
    public static bool TryParse(ReadOnlySpan<byte> content, out KeyFile file, out string? reason)
    {
        file = new KeyFile();
        foreach (Range range in content.Split((byte)'\n'))
        {
            file._line++;
            reason = file.AddLine(TextOf(content[range]));
            if (reason is not null)
            {
                return false;
            }
        }

        reason = null;
        return true;
    }

    /// <summary>Reads a string.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value without its escapes; null when the key is not there.</param>
    /// <param name="reason">Why the value is no string.</param>
    /// <returns>False when it is none.</returns>
    public bool TryGetString(string group, string key, out string? value, out string? reason)
    {
        value = null;
        reason = null;
        byte[]? raw = Find(group, key);
        if (raw is null)
        {
            return true;
        }

        if (!Utf8.IsValid(raw))
        {
            reason = $"Key file contains key '{key}' with value '{Encoding.UTF8.GetString(raw)}' which is not UTF-8";
            return false;
        }

        value = Unescape(Encoding.UTF8.GetString(raw));
        reason = value is null ? CannotInterpret(key) : null;
        return value is not null;
    }

    /// <summary>Reads a boolean.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null when the key is not there.</param>
    /// <param name="reason">Why the value is no boolean.</param>
    /// <returns>False when it is none.</returns>
    public bool TryGetBoolean(string group, string key, out bool? value, out string? reason)
    {
        value = null;
        reason = null;
        byte[]? raw = Find(group, key);
        if (raw is null)
        {
            return true;
        }

        ReadOnlySpan<byte> word = raw.AsSpan().TrimEnd(Blanks);
        value = word.SequenceEqual("true"u8) || word.SequenceEqual("1"u8) ? true
            : word.SequenceEqual("false"u8) || word.SequenceEqual("0"u8) ? false
            : null;
        reason = value is null ? CannotInterpret(key) : null;
        return value is not null;
    }

    // GLib counts no vertical tab.
    private static ReadOnlySpan<byte> Blanks => " \t\n\r\f"u8;

    /// <summary>A line without its CR, cut at a NUL as a C string is.</summary>
    private static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> line)
    {
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        int nul = line.IndexOf((byte)0);
        return nul < 0 ? line : line[..nul];
    }

    /// <returns>Why the file is unreadable, or null.</returns>
    private string? AddLine(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = line.TrimStart(Blanks);
        if (text.IsEmpty || text[0] == (byte)'#')
        {
            return null;
        }

        // The first closing bracket must be the last thing on the line; otherwise the line may still be a pair.
        int close = text.IndexOf((byte)']');
        if (text[0] == (byte)'[' && close > 0 && text[(close + 1)..].Trim(" \t"u8).IsEmpty)
        {
            _group = Encoding.UTF8.GetString(text[1..close]);
            _firstGroup ??= _group;
            AddGroup(_group);
            return IsGroupName(_group) ? null : $"Invalid group name: {_group}";
        }

        int equals = text.IndexOf((byte)'=');
        if (equals <= 0)
        {
            return $"Key file contains line '{Encoding.UTF8.GetString(line)}' which is not a key-value pair, group, or comment";
        }

        if (_group is null)
        {
            return "Key file does not start with a group";
        }

        string key = Encoding.UTF8.GetString(text[..equals].TrimEnd(Blanks));
        byte[] value = text[(equals + 1)..].TrimStart(Blanks).ToArray();
        if (!IsKeyName(key))
        {
            return $"Invalid key name: {key}";
        }

        // Only the first group may name an encoding, and only one is known.
        if (key == "Encoding" && _group == _firstGroup && !Ascii.EqualsIgnoreCase(value, "UTF-8"u8))
        {
            return $"Key file contains unsupported encoding '{Encoding.UTF8.GetString(value)}'";
        }

        _entries.Add(new Entry(_group, key, value, _line));
        return null;
    }

    private static bool IsGroupName(string name)
    {
        foreach (char c in name)
        {
            if (c is '[' or < ' ' or '\x7F')
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    /// <summary>A name may hold blanks but neither begin nor end with one; brackets only around a locale at its end.</summary>
    private static bool IsKeyName(string key)
    {
        int bracket = key.AsSpan().IndexOfAny('[', ']');
        string name = bracket < 0 ? key : key[..bracket];
        if (name.Length == 0 || name[0] == ' ' || name[^1] == ' ')
        {
            return false;
        }

        if (bracket < 0)
        {
            return true;
        }

        if (key[bracket] != '[' || key[^1] != ']')
        {
            return false;
        }

        foreach (char c in key.AsSpan(bracket + 1, key.Length - bracket - 2))
        {
            if (!char.IsLetterOrDigit(c) && !"-_.@".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>Null for an escape that is none.</returns>
    private static string? Unescape(string raw)
    {
        if (!raw.Contains('\\', StringComparison.Ordinal))
        {
            return raw;
        }

        var text = new StringBuilder(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            char? meant = (++i < raw.Length ? raw[i] : '\0') switch
            {
                's' => ' ',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => null,
            };
            if (meant is null)
            {
                return null;
            }

            text.Append(meant);
        }

        return text.ToString();
    }

    private static string CannotInterpret(string key) =>
        $"Key file contains key '{key}' which has a value that cannot be interpreted.";

    /// <summary>The line of the pair that counts, from 1; 0 when there is none.</summary>
    public int LineOf(string group, string key) => FindEntry(group, key)?.Line ?? 0;

    private void AddGroup(string name)
    {
        foreach ((string known, _) in _groups)
        {
            if (known == name)
            {
                return;
            }
        }

        _groups.Add((name, _line));
    }

    private byte[]? Find(string group, string key) => FindEntry(group, key)?.Value;

    private Entry? FindEntry(string group, string key)
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Group == group && _entries[i].Key == key)
            {
                return _entries[i];
            }
        }

        return null;
    }

    private sealed record Entry(string Group, string Key, byte[] Value, int Line);
}
