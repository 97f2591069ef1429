using System.Text;
using System.Text.Json;
using Guestwire.Fuzz.Mutation;

namespace Guestwire.Fuzz.Tests.Mutation;

public sealed class MutatorTests
{
    private const int Rounds = 5_000;
    private const int MaxBytes = 100;

    private static readonly byte[] Request = "{\"execute\": \"guest-exec\", \"arguments\": {\"path\": \"/bin/true\", \"arg\": [1, -2, true]}}"u8.ToArray();
    private static readonly byte[] Table = "cpu0 1 2 3\ncpu1 4 5 6\nctxt 7\n"u8.ToArray();

    [Fact]
    public void The_same_seed_makes_the_same_inputs() => Assert.Equal(Mutate(InputShape.Json | InputShape.Lines, Request), Mutate(InputShape.Json | InputShape.Lines, Request));

    [Theory]
    [InlineData(InputShape.Bytes)]
    [InlineData(InputShape.Json)]
    [InlineData(InputShape.Lines)]
    public void No_input_becomes_too_long_and_hardly_one_stays_as_it_was(object shape)
    {
        foreach (byte[] seed in (byte[][])[Request, Table, [], new byte[MaxBytes]])
        {
            List<string> inputs = Mutate((InputShape)shape, seed);

            Assert.All(inputs, input => Assert.InRange(input.Length, 0, MaxBytes));
            Assert.InRange(inputs.Distinct().Count(), Rounds / 4, Rounds);
        }
    }

    [Fact]
    public void Much_of_changed_JSON_is_JSON_still()
    {
        int blind = Mutate(InputShape.Bytes, Request).Count(IsJson);

        Assert.InRange(Mutate(InputShape.Json, Request).Count(IsJson), blind * 5 / 4, Rounds);
    }

    [Fact]
    public void Whole_lines_come_again_and_change_places() =>
        Assert.Contains(Mutate(InputShape.Lines, Table), text => text.StartsWith("cpu1 4 5 6\ncpu0 1 2 3\n", StringComparison.Ordinal));

    [Fact]
    public void Words_of_the_target_are_used() => Assert.InRange(Mutate(InputShape.Bytes, Table).Count(text => text.Contains("WORD", StringComparison.Ordinal)), Rounds / 20, Rounds);

    private static List<string> Mutate(InputShape shape, byte[] seed)
    {
        Mutator mutator = new(shape, ["WORD"u8.ToArray()], MaxBytes, new Random(3));
        List<string> inputs = [];
        for (int i = 0; i < Rounds; i++)
        {
            inputs.Add(Encoding.Latin1.GetString(mutator.Mutate(seed, Table)));
        }

        return inputs;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
