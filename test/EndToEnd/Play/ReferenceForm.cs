using System.Text;
using System.Text.Json;

namespace EndToEnd.Play;

/// <summary>
/// Rewrites a reply line in the reference's order of members, so that it can be compared byte for byte with a recording.
/// </summary>
/// <remarks>
/// The reference keeps objects in hash tables of 512 buckets and writes them bucket by bucket; ours writes members in
/// schema order. Separators are <c>", "</c> and <c>": "</c>. Numbers and strings stay as they were written, escapes included.
/// </remarks>
internal static class ReferenceForm
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 2048 };

    /// <summary>Rewrites one line.</summary>
    /// <param name="line">A reply without sentinel and line end.</param>
    /// <returns>The line in the reference's order; null when it is no JSON or not spaced as the reference does.</returns>
    internal static string? TryRewrite(string line)
    {
        using JsonDocument? document = TryParse(line);
        if (document is null)
        {
            return null;
        }

        StringBuilder asWritten = new(line.Length);
        Write(document.RootElement, asWritten, reorder: false);
        if (asWritten.ToString() != line)
        {
            return null;
        }

        StringBuilder reordered = new(line.Length);
        Write(document.RootElement, reordered, reorder: true);
        return reordered.ToString();
    }

    /// <summary>The bucket of a member's name: the reference's hash, all arithmetic modulo 2^32.</summary>
    internal static int Bucket(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        uint value = unchecked(0x238F13AFu * (uint)bytes.Length);
        for (int i = 0; i < bytes.Length; i++)
        {
            value = unchecked(value + ((uint)bytes[i] << (5 * i % 24)));
        }

        return (int)(unchecked((1103515243u * value) + 12345u) % 512);
    }

    private static JsonDocument? TryParse(string line)
    {
        try
        {
            return JsonDocument.Parse(line, Deep);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Write(JsonElement json, StringBuilder text, bool reorder)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                List<JsonProperty> members = [.. json.EnumerateObject()];
                if (reorder)
                {
                    // The sort is stable: within a bucket, the member that was added last comes first.
                    members.Reverse();
                    members = [.. members.OrderBy(member => Bucket(member.Name))];
                }

                text.Append('{');
                for (int i = 0; i < members.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ").Append(RawName(members[i])).Append(": ");
                    Write(members[i].Value, text, reorder);
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                string separator = "";
                foreach (JsonElement item in json.EnumerateArray())
                {
                    text.Append(separator);
                    Write(item, text, reorder);
                    separator = ", ";
                }

                text.Append(']');
                break;
            default:
                text.Append(json.GetRawText());
                break;
        }
    }

    // A JsonProperty's text is the member as it was written; the name is the string token at its beginning.
    private static string RawName(JsonProperty member)
    {
        string written = member.ToString();
        int end = 1;
        while (written[end] != '"')
        {
            end += written[end] == '\\' ? 2 : 1;
        }

        return written[..(end + 1)];
    }
}
