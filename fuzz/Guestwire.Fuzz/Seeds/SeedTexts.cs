using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Guestwire.Fuzz.Seeds;

/// <summary>Sound inputs, from what the project has anyway and from small texts beside this file; all of them within this program.</summary>
internal static partial class SeedTexts
{
    /// <summary>A text of <c>Seeds/Texts</c>.</summary>
    internal static byte[] Named(string name) => Read("text/" + name);

    /// <summary>Its lines.</summary>
    internal static IEnumerable<byte[]> LinesOf(string name) => Encoding.UTF8.GetString(Named(name)).TrimEnd('\n').Split('\n').Select(Encoding.UTF8.GetBytes);

    /// <summary>What the transcripts send, shortest first; a character is a byte.</summary>
    internal static IReadOnlyList<byte[]> Requests { get; } =
        [.. ReadSent().Distinct().OrderBy(text => text.Length).ThenBy(text => text, StringComparer.Ordinal).Select(Encoding.Latin1.GetBytes)];

    /// <summary>The words of the contract: names of commands, members, values.</summary>
    internal static IReadOnlyList<byte[]> SchemaWords { get; } =
    [
        .. Schemas.SelectMany(schema => QuotedWord().Matches(Encoding.UTF8.GetString(schema)))
            .Select(match => match.Groups[1].Value).Distinct().Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>The files of the contract, and small ones that try each construct of its language.</summary>
    internal static IEnumerable<byte[]> Schemas => Names("schema/").Concat(Names("schema-case/")).Select(Read);

    /// <summary>The configuration files that the manual of rules shows.</summary>
    internal static IEnumerable<byte[]> ManualConfigurations =>
        IniBlock().Matches(Encoding.UTF8.GetString(Read("policy.md"))).Select(match => Encoding.UTF8.GetBytes(match.Groups[1].Value));

    /// <summary>ASCII words as bytes.</summary>
    internal static IReadOnlyList<byte[]> Words(params IEnumerable<string> words) => [.. words.Select(Encoding.UTF8.GetBytes)];

    private static IEnumerable<string> Names(string prefix) => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static byte[] Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static IEnumerable<string> ReadSent()
    {
        foreach (string line in Encoding.UTF8.GetString(Read("transcripts.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument transcript = JsonDocument.Parse(line);
            if (transcript.RootElement.TryGetProperty("steps", out JsonElement steps))
            {
                foreach (JsonElement step in steps.EnumerateArray())
                {
                    if (step.TryGetProperty("send", out JsonElement sent))
                    {
                        yield return sent.GetString()!;
                    }
                    else if (step.TryGetProperty("send_b64", out JsonElement bytes))
                    {
                        yield return Encoding.Latin1.GetString(bytes.GetBytesFromBase64());
                    }
                }
            }
        }
    }

    [GeneratedRegex("'\\*?([A-Za-z_][A-Za-z0-9_.-]+)'")]
    private static partial Regex QuotedWord();

    [GeneratedRegex("```ini\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex IniBlock();
}
