namespace Guestwire.Client.Tests;

public sealed class ReadmeTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("src/Guestwire.Client/README.md")]
    public void All_the_csharp_that_it_shows_is_compiled_word_for_word(string file)
    {
        string[] shown = Pieces(Read(file), "```csharp", "```");

        Assert.NotEmpty(shown);
        Assert.Equal(shown, Pieces(Read("ReadmeSnippets.cs"), $"// {file}", "// end"));
    }

    private static string[] Read(string file) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Readme", file));

    /// <summary>What stands between two lines, as often as it does, without what all of it is indented by.</summary>
    private static string[] Pieces(string[] lines, string begin, string end)
    {
        List<string> pieces = [];
        for (int start = Array.FindIndex(lines, line => line.Trim() == begin); start >= 0; start = Array.FindIndex(lines, start + 1, line => line.Trim() == begin))
        {
            int indent = lines[start].Length - lines[start].TrimStart().Length;
            pieces.Add(string.Join('\n', lines[(start + 1)..].TakeWhile(line => line.Trim() != end).Select(line => line.Length == 0 ? line : line[indent..])));
        }

        return [.. pieces];
    }
}
