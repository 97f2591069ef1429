using System.Text;

namespace Qapi.Tests;

/// <summary>Damaged schemas: whatever stands in a file, the compiler answers, and never with an exception.</summary>
public sealed class MutationTests
{
    private const int Mutations = 100_000;

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ":", ",", "'", "#", "##", "\n", "\n##\n", "\\", "*", "@", "true", "false", " ", "\t", "\0", "é", "\"",
        "'data'", "'if'", "'base'", "'returns'", "'features'", "'discriminator'", "'type'", "'Everything'", "'Base'",
        "'Colour'", "'str'", "{ 'not': ", "# @red: text\n", "# Since: 1\n", "{ 'include': 'every-construct.json' }",
        "{ 'include': 'other.json' }", "{ 'pragma': { } }", "[ 'int' ]", "{ 'name': 'x', 'if': [ ] }",
    ];

    [Fact]
    public void No_damage_makes_the_compiler_throw()
    {
        string[] seeds =
        [
            Read("Cases/every-construct.json"), Read("Cases/old-spellings.json"), Read("Cases/documentation-member.json"),
            Read("Cases/include-loop.json"), Read("schema/time.json"),
        ];
        var random = new Random(20240229);
        int broken = 0;
        for (int round = 0; round < Mutations; round++)
        {
            string text = Mutate(random, seeds[round % seeds.Length]);
            CompilationResult result = SchemaCompiler.Compile("every-construct.json", path => path == "gone.json" ? null : text);

            Assert.True(result.Schema is null != (result.Diagnostics.Count == 0), text);
            int lines = text.Count(character => character == '\n') + 1;
            Assert.True(result.Diagnostics.All(one => one.Line >= 1 && one.Line <= lines && one.Column >= 1), text);
            broken += result.Schema is null ? 1 : 0;
        }

        Assert.InRange(broken, Mutations / 2, Mutations - 1); // neither all nor hardly any: the damage is worth trying
    }

    [Theory]
    [InlineData("{ 'a': ")]
    [InlineData("[")]
    [InlineData("{ 'command': 'x', 'if': { 'not': ")]
    public void No_depth_exhausts_the_stack(string opening)
    {
        string text = "{ 'command': " + string.Concat(Enumerable.Repeat(opening, 100_000));

        Assert.Null(SchemaCompiler.Compile("deep.json", _ => text).Schema);
    }

    [Fact]
    public void No_chain_of_includes_exhausts_the_stack()
    {
        CompilationResult result = SchemaCompiler.Compile("0.json", path =>
            $"{{ 'include': '{int.Parse(path.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture) + 1}.json' }}");

        Assert.Equal("QAPI0005", Assert.Single(result.Diagnostics).Id);
    }

    [Fact]
    public void Folders_that_contain_themselves_are_not_followed_for_ever()
    {
        const string Text = "{ 'include': 'a/x.json' } { 'include': 'b/x.json' }";

        Assert.Contains(SchemaCompiler.Compile("x.json", _ => Text).Diagnostics, one => one.Id == "QAPI0005");
    }

    [Fact]
    public void Very_many_mistakes_are_cut_short()
    {
        string text = string.Concat(Enumerable.Repeat("{ }\n", 10_000));

        Assert.Equal(100, SchemaCompiler.Compile("many.json", _ => text).Diagnostics.Count);
    }

    private static string Mutate(Random random, string seed)
    {
        var text = new StringBuilder(seed);
        for (int count = random.Next(1, 5); count > 0; count--)
        {
            int at = random.Next(text.Length + 1);
            int length = Math.Min(random.Next(1, 20), text.Length - at);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 2:
                    text.Insert(random.Next(text.Length + 1), text.ToString(at, length));
                    break;
                default:
                    text.Insert(at, (char)random.Next(1, 0x180));
                    break;
            }
        }

        return text.ToString();
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path));
}
