using System.Globalization;
using System.Text;
using Guestwire.Protocol.Json;

namespace Guestwire.Fuzz.Targets;

/// <summary>Other spellings of a value: escapes for characters, the other quotes, space between tokens, and another order of members.</summary>
internal static class JsonSpelling
{
    /// <summary>Spells a value anew.</summary>
    /// <param name="value">The value.</param>
    /// <param name="random">Decides how.</param>
    /// <param name="shuffles">Whether members may change places.</param>
    internal static string Respell(JsonValue value, Random random, bool shuffles)
    {
        StringBuilder text = new();
        Write(text, value, random, shuffles);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonValue value, Random random, bool shuffles)
    {
        Space(text, random);
        switch (value.Kind)
        {
            case JsonKind.Object:
                WriteObject(text, value, random, shuffles);
                break;
            case JsonKind.Array:
                text.Append('[');
                int items = 0;
                foreach (JsonValue item in value.Items)
                {
                    text.Append(items++ == 0 ? "" : ",");
                    Write(text, item, random, shuffles);
                }

                text.Append(']');
                break;
            case JsonKind.String:
                WriteString(text, value.GetString(), random);
                break;
            default:
                text.Append(Encoding.ASCII.GetString(value.Text));
                break;
        }

        Space(text, random);
    }

    private static void WriteObject(StringBuilder text, JsonValue value, Random random, bool shuffles)
    {
        List<string> members = [];
        foreach (JsonMember member in value.Members)
        {
            StringBuilder spelled = new();
            WriteString(spelled, member.Name.GetString(), random);
            Space(spelled, random);
            spelled.Append(':');
            Write(spelled, member.Value, random, shuffles);
            members.Insert(shuffles ? random.Next(members.Count + 1) : members.Count, spelled.ToString());
        }

        text.Append('{').AppendJoin(',', members).Append('}');
    }

    private static void WriteString(StringBuilder text, string value, Random random)
    {
        char quote = random.Next(2) == 0 ? '"' : '\'';
        int escaped = random.Next(4);
        text.Append(quote);
        foreach (char c in value)
        {
            if (c < ' ' || char.IsSurrogate(c) || random.Next(4) < escaped)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                text.Append(c == quote || c == '\\' ? "\\" : "").Append(c);
            }
        }

        text.Append(quote);
    }

    private static void Space(StringBuilder text, Random random)
    {
        if (random.Next(4) == 0)
        {
            text.Append(" \t\r\n"[random.Next(4)]);
        }
    }
}
