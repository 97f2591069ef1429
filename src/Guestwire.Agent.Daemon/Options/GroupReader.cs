using System.Globalization;

namespace Guestwire.Agent.Daemon.Options;

/// <summary>Reads the values of our own groups, and keeps the first reason why one makes no sense.</summary>
/// <param name="keys">The file.</param>
internal sealed class GroupReader(KeyFile keys)
{
    /// <summary>Which line makes no sense, and why; null as long as all do.</summary>
    internal string? Reason { get; private set; }

    /// <summary>A text, or null when the key is not there.</summary>
    internal string? String(string group, string key)
    {
        if (!keys.TryGetString(group, key, out string? value, out string? reason))
        {
            Refuse(group, key, reason!);
        }

        return value;
    }

    /// <summary>An absolute path, or null when the key is not there.</summary>
    internal string? AbsolutePath(string group, string key)
    {
        string? path = String(group, key);
        if (path is not null && !path.StartsWith('/'))
        {
            Refuse(group, key, $"'{path}' is not an absolute path");
        }

        return path;
    }

    /// <summary>A boolean; false when the key is not there.</summary>
    internal bool Boolean(string group, string key)
    {
        if (!keys.TryGetBoolean(group, key, out bool? value, out string? reason))
        {
            Refuse(group, key, reason!);
        }

        return value ?? false;
    }

    /// <summary>A time in whole seconds; null for 0, which says that there is no limit.</summary>
    /// <param name="group">The group.</param>
    /// <param name="key">The key.</param>
    /// <param name="max">The longest, in seconds.</param>
    /// <param name="normal">What holds when the key is not there.</param>
    internal TimeSpan? Seconds(string group, string key, int max, TimeSpan? normal)
    {
        if (String(group, key) is not { } text)
        {
            return normal;
        }

        if (!int.TryParse(text.TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds > max)
        {
            Refuse(group, key, $"'{text}' is not a number of whole seconds from 0 to {max.ToString(CultureInfo.InvariantCulture)}");
        }

        return seconds == 0 ? null : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Names with commas between, or null when the key is not there.</summary>
    internal IReadOnlyList<string>? List(string group, string key)
    {
        string? text = String(group, key);
        if (text is null)
        {
            return null;
        }

        List<string> items = [];
        foreach (Range range in text.AsSpan().Split(','))
        {
            string item = text[range].Trim();
            if (item.Length > 0)
            {
                items.Add(item);
            }
            else if (text.AsSpan().Trim().Length > 0)
            {
                Refuse(group, key, "a name is missing between two commas");
            }
        }

        return items;
    }

    /// <summary>Whether a path is absolute and says where it leads without turns.</summary>
    internal static bool IsPlainPath(string path) =>
        path.StartsWith('/') && !path.Contains("//", StringComparison.Ordinal)
        && !$"{path}/".Contains("/../", StringComparison.Ordinal) && !$"{path}/".Contains("/./", StringComparison.Ordinal);

    /// <summary>Says that a value makes no sense.</summary>
    internal void Refuse(string group, string key, string why) =>
        Complain($"line {keys.LineOf(group, key)}: key '{key}' of group '{group}': {why}");

    /// <summary>Says that something makes no sense that is on no line.</summary>
    internal void Complain(string reason) => Reason ??= reason;
}
