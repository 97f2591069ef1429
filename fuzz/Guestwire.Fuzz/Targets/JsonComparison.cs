using System.Text.Json;
using Guestwire.Protocol.Json;

namespace Guestwire.Fuzz.Targets;

/// <summary>Holds what our reader makes of a value against what the runtime's makes of it.</summary>
internal static class JsonComparison
{
    private const string Rule = "a value means what it means to System.Text.Json";

    /// <summary>Two values of the same text.</summary>
    internal static void RequireSame(JsonElement expected, JsonValue actual)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Require(actual.Kind == JsonKind.Object, expected);
                JsonMembers.Enumerator members = actual.Members.GetEnumerator();
                foreach (JsonProperty property in expected.EnumerateObject())
                {
                    Require(members.MoveNext() && members.Current.Name.GetString() == property.Name, expected);
                    RequireSame(property.Value, members.Current.Value);
                }

                Require(!members.MoveNext(), expected);
                break;
            case JsonValueKind.Array:
                Require(actual.Kind == JsonKind.Array, expected);
                JsonItems.Enumerator items = actual.Items.GetEnumerator();
                foreach (JsonElement item in expected.EnumerateArray())
                {
                    Require(items.MoveNext(), expected);
                    RequireSame(item, items.Current);
                }

                Require(!items.MoveNext(), expected);
                break;
            case JsonValueKind.String:
                Require(actual.Kind == JsonKind.String && actual.GetString() == expected.GetString(), expected);
                break;
            case JsonValueKind.Number:
                RequireSameNumber(expected, actual);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Require(actual.Kind == JsonKind.Boolean && actual.GetBoolean() == expected.GetBoolean(), expected);
                break;
            default:
                Require(actual.Kind == JsonKind.Null, expected);
                break;
        }
    }

    /// <summary>Two values that may be spelled in two ways; numbers count as doubles, as a reply gives 17 digits.</summary>
    internal static bool MeansSame(JsonElement one, JsonElement other)
    {
        if (one.ValueKind != other.ValueKind)
        {
            return false;
        }

        return one.ValueKind switch
        {
            JsonValueKind.Object => one.EnumerateObject().Select(property => property.Name).SequenceEqual(other.EnumerateObject().Select(property => property.Name))
                && one.EnumerateObject().Zip(other.EnumerateObject()).All(pair => MeansSame(pair.First.Value, pair.Second.Value)),
            JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength() && one.EnumerateArray().Zip(other.EnumerateArray()).All(pair => MeansSame(pair.First, pair.Second)),
            JsonValueKind.String => one.GetString() == other.GetString(),
            JsonValueKind.Number => one.GetDouble().Equals(other.GetDouble()) || (one.GetDouble() == 0 && other.GetDouble() == 0),
            _ => true,
        };
    }

    private static void RequireSameNumber(JsonElement expected, JsonValue actual)
    {
        bool isWhole = !expected.GetRawText().AsSpan().ContainsAny('.', 'e', 'E');
        if (isWhole && expected.TryGetInt64(out long signed))
        {
            Require(actual.Kind == JsonKind.Integer && actual.TryGetInt64(out long number) && number == signed, expected);
        }
        else if (isWhole && expected.TryGetUInt64(out ulong unsigned))
        {
            Require(actual.Kind == JsonKind.Integer && actual.TryGetUInt64(out ulong number) && number == unsigned, expected);
        }
        else
        {
            Require(actual.Kind == JsonKind.Double && actual.GetDouble().Equals(expected.GetDouble()), expected);
        }
    }

    private static void Require(bool holds, JsonElement expected) => Violation.Unless(holds, Rule, expected.GetRawText);
}
