using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EndToEnd.Play;

/// <summary>Compares a reply with a template, whatever the order of members.</summary>
/// <remarks>
/// A template is JSON in which a string may be a placeholder: <c>&lt;&lt;int&gt;&gt;</c>, <c>&lt;&lt;uint&gt;&gt;</c>,
/// <c>&lt;&lt;number&gt;&gt;</c> and <c>&lt;&lt;string&gt;&gt;</c> stand for any value of that type,
/// <c>&lt;&lt;int=P&gt;&gt;</c> also stores it, <c>&lt;&lt;re:X&gt;&gt;</c> is a regular expression for a string, and the object
/// <c>{"&lt;&lt;unordered&gt;&gt;": [...]}</c> is an array in any order.
/// </remarks>
internal sealed class ReplyTemplate(TextVariables variables)
{
    /// <summary>Compares <paramref name="actual"/> with <paramref name="template"/>.</summary>
    /// <returns>Null when they agree, else where and how they differ.</returns>
    internal string? Compare(JsonElement template, JsonElement actual, string path = "$") => template.ValueKind switch
    {
        JsonValueKind.String => CompareString(template.GetString()!, actual, path),
        JsonValueKind.Object when template.TryGetProperty("<<unordered>>", out JsonElement items) =>
            CompareUnordered(items, actual, path),
        JsonValueKind.Object => CompareObject(template, actual, path),
        JsonValueKind.Array => CompareArray(template, actual, path),
        JsonValueKind.Number => SameNumber(template.GetRawText(), actual) ? null : Differ(template, actual, path),
        _ => template.ValueKind == actual.ValueKind ? null : Differ(template, actual, path),
    };

    private string? CompareString(string template, JsonElement actual, string path)
    {
        bool agrees;
        if (template.StartsWith("<<int=", StringComparison.Ordinal))
        {
            agrees = IsInteger(actual);
            if (agrees)
            {
                variables.SetInteger(template[6..^2], actual.GetRawText());
            }
        }
        else if (template.StartsWith("<<re:", StringComparison.Ordinal))
        {
            agrees = actual.ValueKind == JsonValueKind.String && Regex.IsMatch(actual.GetString()!, template[5..^2]);
        }
        else
        {
            agrees = template switch
            {
                "<<int>>" => IsInteger(actual),
                "<<uint>>" => IsInteger(actual) && actual.GetRawText()[0] != '-',
                "<<number>>" => actual.ValueKind == JsonValueKind.Number,
                "<<string>>" => actual.ValueKind == JsonValueKind.String,
                _ => actual.ValueKind == JsonValueKind.String && actual.GetString() == variables.Replace(template),
            };
        }

        return agrees ? null : $"{path}: expected \"{template}\", got {Shown(actual)}";
    }

    private string? CompareObject(JsonElement template, JsonElement actual, string path)
    {
        if (actual.ValueKind != JsonValueKind.Object)
        {
            return Differ(template, actual, path);
        }

        foreach (JsonProperty member in template.EnumerateObject())
        {
            if (!actual.TryGetProperty(member.Name, out JsonElement value))
            {
                return $"{path}: member '{member.Name}' is missing in {Shown(actual)}";
            }

            if (Compare(member.Value, value, $"{path}.{member.Name}") is { } difference)
            {
                return difference;
            }
        }

        foreach (JsonProperty member in actual.EnumerateObject())
        {
            if (!template.TryGetProperty(member.Name, out _))
            {
                return $"{path}: member '{member.Name}' was not expected";
            }
        }

        return actual.EnumerateObject().Count() == template.EnumerateObject().Count()
            ? null
            : $"{path}: a member comes twice in {Shown(actual)}";
    }

    private string? CompareArray(JsonElement template, JsonElement actual, string path)
    {
        if (actual.ValueKind != JsonValueKind.Array || actual.GetArrayLength() != template.GetArrayLength())
        {
            return Differ(template, actual, path);
        }

        for (int i = 0; i < template.GetArrayLength(); i++)
        {
            if (Compare(template[i], actual[i], $"{path}[{i}]") is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    // Takes the first free match of each item, which is enough for items that differ in a fixed member.
    private string? CompareUnordered(JsonElement items, JsonElement actual, string path)
    {
        if (actual.ValueKind != JsonValueKind.Array || actual.GetArrayLength() != items.GetArrayLength())
        {
            return Differ(items, actual, path);
        }

        List<JsonElement> left = [.. actual.EnumerateArray()];
        foreach (JsonElement item in items.EnumerateArray())
        {
            int match = left.FindIndex(candidate => Compare(item, candidate, path) is null);
            if (match < 0)
            {
                return $"{path}: nothing like {Shown(item)} among {Shown(actual)}";
            }

            left.RemoveAt(match);
        }

        return null;
    }

    // An integer must be written as such; other numbers may differ in the last digits' spelling only.
    private static bool SameNumber(string expected, JsonElement actual) =>
        actual.ValueKind == JsonValueKind.Number
        && (actual.GetRawText() == expected
            || (!IsInteger(expected) && !IsInteger(actual)
                && double.Parse(expected, CultureInfo.InvariantCulture) == actual.GetDouble()));

    private static bool IsInteger(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && IsInteger(value.GetRawText());

    private static bool IsInteger(string number) => number.AsSpan().IndexOfAny("eE.") < 0;

    private static string Differ(JsonElement template, JsonElement actual, string path) =>
        $"{path}: expected {Shown(template)}, got {Shown(actual)}";

    private static string Shown(JsonElement json)
    {
        string text = json.ValueKind == JsonValueKind.Undefined ? "nothing" : json.GetRawText();
        return text.Length <= 1000 ? text : string.Concat(text.AsSpan(0, 1000), "...");
    }
}
