using System.Text;
using Guestwire.Fuzz.Targets;
using Guestwire.Protocol.Json;

namespace Guestwire.Fuzz.Tests.Targets;

public sealed class JsonSpellingTests
{
    [Fact]
    public void A_value_has_many_spellings_with_escapes_other_quotes_space_and_other_orders()
    {
        JsonValue value = new("{\"a\":\"x/y\",\"b\":[1,null]}"u8.ToArray());
        Random random = new(5);
        string[] spellings = [.. Enumerable.Range(0, 200).Select(_ => JsonSpelling.Respell(value, random, shuffles: true)).Distinct()];

        Assert.InRange(spellings.Length, 150, 200);
        foreach (string part in (string[])["\\u002f", "'", "\t", "]", "\\u0062"])
        {
            Assert.Contains(spellings, spelling => spelling.Contains(part, StringComparison.Ordinal));
        }

        Assert.Contains(spellings, spelling => spelling.TrimEnd(' ', '\t', '\r', '\n', '}').EndsWith(']'));
        Assert.Contains(spellings, spelling => !spelling.TrimEnd(' ', '\t', '\r', '\n', '}').EndsWith(']'));
    }

    [Fact]
    public void Where_the_order_matters_only_the_spelling_changes()
    {
        JsonValue value = new(Encoding.ASCII.GetBytes("[1,2,3]"));

        Assert.Equal("[1,2,3]", string.Concat(JsonSpelling.Respell(value, new Random(1), shuffles: false).Where(c => !char.IsWhiteSpace(c))));
    }
}
