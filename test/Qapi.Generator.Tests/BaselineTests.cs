using Microsoft.CodeAnalysis;

namespace Qapi.Generator.Tests;

/// <summary>
/// The text generated from <c>Sample/</c>, approved by eye. After a wanted change run the tests once with
/// <c>GUESTWIRE_UPDATE_BASELINES=1</c> and read the difference before committing it.
/// </summary>
public sealed class BaselineTests
{
    [Theory]
    [InlineData("types")]
    [InlineData("agent")]
    [InlineData("client")]
    public void The_generated_text_is_the_approved_one(string emit)
    {
        GeneratorRunResult result = GeneratorRun.Of(emit, ProjectFiles.Sample());
        string folder = Path.Combine(ProjectFiles.Here, "Baselines", emit);
        Assert.Empty(result.Diagnostics);
        if (Environment.GetEnvironmentVariable("GUESTWIRE_UPDATE_BASELINES") == "1")
        {
            Update(folder, result);
        }

        string[] approved = [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(approved, result.GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal));
        foreach (GeneratedSourceResult source in result.GeneratedSources)
        {
            Assert.Equal(File.ReadAllText(Path.Combine(folder, source.HintName)), source.SourceText.ToString());
        }
    }

    [Fact]
    public void Every_construct_of_the_sample_has_a_place_in_the_baselines()
    {
        GeneratorRunResult result = GeneratorRun.Of("types", ProjectFiles.Sample());
        string types = string.Concat(result.GeneratedSources.Select(source => source.SourceText));

        string[] constructs =
        [
            "sealed record SampleNumbers", "enum SampleColour", "abstract record SampleWhere", "abstract record SampleDrawing",
            "readonly record struct SampleDrawArguments", "Base64Source", "Base64Text", "IReadOnlyList<", "writer.Stream(",
            "{ get; set; }",
        ];
        Assert.All(constructs, construct => Assert.Contains(construct, types, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("types")]
    [InlineData("agent")]
    [InlineData("client")]
    public void No_line_ends_in_a_space_and_no_two_lines_in_a_row_are_empty(string emit)
    {
        foreach (GeneratedSourceResult source in GeneratorRun.Of(emit, ProjectFiles.Protocol()).GeneratedSources)
        {
            string text = source.SourceText.ToString();
            Assert.DoesNotContain(" \n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\n\n\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\n\n}", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\r', text);
        }
    }

    private static void Update(string folder, GeneratorRunResult result)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (GeneratedSourceResult source in result.GeneratedSources)
        {
            File.WriteAllText(Path.Combine(folder, source.HintName), source.SourceText.ToString());
        }
    }
}
