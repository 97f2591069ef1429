namespace Qapi.Tests;

/// <summary>How files are found and what belongs to which.</summary>
public sealed class SourceTests
{
    [Theory]
    [InlineData("/s/root.json", "a.json", "/s/a.json")]
    [InlineData("/s/root.json", "./sub/../a.json", "/s/a.json")]
    [InlineData("/s/root.json", "../a.json", "/a.json")]
    [InlineData("root.json", "sub/a.json", "sub/a.json")]
    [InlineData("root.json", "../a.json", "../a.json")]
    [InlineData("../root.json", "../a.json", "../../a.json")]
    [InlineData(@"C:\s\root.json", "sub/a.json", @"C:\s\sub\a.json")]
    [InlineData("/s/root.json", "/t/a.json", "/t/a.json")]
    public void Included_paths_count_from_the_folder_of_the_including_file(string root, string written, string expected)
    {
        List<string> asked = [];
        SchemaCompiler.Compile(root, path =>
        {
            asked.Add(path);
            return path == root ? $"{{ 'include': '{written}' }}" : "";
        });

        Assert.Equal([root, expected], asked);
    }

    [Fact]
    public void A_root_that_is_missing_is_a_diagnostic() =>
        Assert.Equal("QAPI0007", Assert.Single(SchemaCompiler.Compile("gone.json", _ => null).Diagnostics).Id);

    [Fact]
    public void An_empty_file_is_an_empty_schema() =>
        Assert.Empty(SchemaCompiler.Compile("empty.json", _ => "").Schema!.Definitions);

    [Fact]
    public void Line_ends_and_a_byte_order_mark_of_Windows_do_no_harm()
    {
        const string Text = "\uFEFF##\r\n# @guest-one:\r\n#\r\n# Text.\r\n##\r\n{ 'command': 'guest-one' }\r\n";

        Assert.Equal("Text.", SchemaCompiler.Compile("windows.json", _ => Text).Schema!.Definitions[0].Doc.Body);
    }
}
