using Microsoft.CodeAnalysis;

namespace Qapi.Generator.Tests;

/// <summary>One test for each rule of the generator's own, and one for how the language's rules are reported.</summary>
public sealed class DiagnosticTests
{
    [Fact]
    public void A_broken_rule_of_the_language_is_an_error_at_the_schemas_own_line()
    {
        GeneratorRunResult result = GeneratorRun.OfText(
            """
            # A comment.
            { 'struct': 'Thing',
              'data': { 'name': 'string' } }
            """);

        Microsoft.CodeAnalysis.Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.StartsWith("QAPI00", diagnostic.Id, StringComparison.Ordinal);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Equal("schema/guest-agent.json", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(2, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
        Assert.Equal(20, diagnostic.Location.GetLineSpan().StartLinePosition.Character);
        Assert.Empty(result.GeneratedSources);
    }

    [Fact]
    public void A_broken_rule_in_an_included_file_names_that_file()
    {
        GeneratorRunResult result = GeneratorRun.Of(
            "types",
            new SchemaText("/src/schema/guest-agent.json", "{ 'include': 'file.json' }"),
            new SchemaText("/src/schema/file.json", "\n{ 'struct': 'Thing' }"));

        Location place = Assert.Single(result.Diagnostics).Location;
        Assert.Equal("/src/schema/file.json", place.GetLineSpan().Path);
        Assert.Equal(1, place.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void QAPI0101_the_root_file_is_among_the_additional_files()
    {
        GeneratorRunResult result = GeneratorRun.Of("types", new SchemaText("schema/file.json", ""));

        Assert.Equal("QAPI0101", Assert.Single(result.Diagnostics).Id);
    }

    [Fact]
    public void QAPI0102_what_to_emit_is_a_known_word()
    {
        GeneratorRunResult result = GeneratorRun.Of("everything", ProjectFiles.Sample());

        Assert.Equal("QAPI0102", Assert.Single(result.Diagnostics).Id);
        Assert.Empty(result.GeneratedSources);
    }

    [Theory]
    [InlineData("{ 'struct': 'Thing', 'data': {\n 'a': 'int',\n 'equality-contract': 'int' } }", 2)]
    [InlineData("{ 'alternate': 'Thing', 'data': {\n 'content': 'int' } }", 1)]
    [InlineData("{ 'struct': 'Thing', 'data': { 'a': 'int' } }\n{ 'enum': 'ThingCodec', 'data': [ 'a' ] }", 1)]
    [InlineData("{ 'enum': 'Kind', 'data': [ 'a', 'b' ] }\n{ 'struct': 'A', 'data': {} }\n"
        + "{ 'union': 'Thing',\n 'base': { 'kind': 'Kind', 'other': 'int' }, 'discriminator': 'kind', 'data': { 'a': 'A' } }", 2)]
    public void QAPI0103_a_name_has_a_place_in_CSharp(string schema, int line) => Expect("QAPI0103", schema, line);

    [Theory]
    [InlineData("{ 'struct': 'Thing',\n 'data': { 'a': 'any' } }", 1)]
    [InlineData("{ 'command': 'ask',\n 'data': {\n 'narrow': 'uint8' } }", 2)]
    [InlineData("{ 'alternate': 'Thing', 'data': { 'a': 'int',\n 'b': [ 'int' ] } }", 1)]
    public void QAPI0104_a_type_can_be_carried(string schema, int line) => Expect("QAPI0104", schema, line);

    [Theory]
    [InlineData("{ 'command': 'read', 'returns': [ 'Bytes' ] }", 1)]
    [InlineData("{ 'struct': 'Outer', 'data': {\n 'inner': 'Bytes' } }\n{ 'command': 'read', 'returns': 'Outer' }", 2)]
    public void QAPI0105_base64_is_returned_directly(string schema, int line) => Expect(
        "QAPI0105", "{ 'struct': 'Bytes', 'data': { 'b': { 'type': 'str', 'features': [ 'base64' ] } } }\n" + schema, line);

    [Fact]
    public void QAPI0106_a_struct_with_base64_goes_one_way() => Expect(
        "QAPI0106",
        """
        { 'command': 'copy', 'data': { 'from': 'Bytes' }, 'returns': 'Bytes' }
        { 'struct': 'Bytes', 'data': { 'b': { 'type': 'str', 'features': [ 'base64' ] } } }
        """,
        line: 1);

    [Fact]
    public void QAPI0107_what_follows_a_stream_has_a_value_before_it_is_known() => Expect(
        "QAPI0107",
        """
        { 'struct': 'Inner', 'data': { 'a': 'int' } }
        { 'struct': 'Bytes', 'data': { 'b': { 'type': 'str', 'features': [ 'base64' ] },
                                       'inner': 'Inner' },
          'features': [ 'streamed' ] }
        { 'command': 'read', 'returns': 'Bytes' }
        """,
        line: 2);

    [Fact]
    public void QAPI0108_a_condition_names_symbols_that_some_platform_defines() => Expect(
        "QAPI0108", "\n{ 'command': 'ping', 'if': { 'any': [ 'CONFIG_LINUX', 'CONFIG_PLAN9' ] } }", line: 1);

    [Fact]
    public void Every_rule_of_the_generator_has_a_page()
    {
        IEnumerable<string> ids = Enumerable.Range(101, 8).Select(number => $"QAPI{number:0000}");

        Assert.All(ids, id =>
        {
            string page = File.ReadAllText(Path.Combine(ProjectFiles.Root, "docs", "diagnostics", id + ".md"));
            Assert.StartsWith($"# {id}: ", page, StringComparison.Ordinal);
        });
    }

    private static void Expect(string id, string schema, int line)
    {
        GeneratorRunResult result = GeneratorRun.OfText(schema);

        Microsoft.CodeAnalysis.Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal("schema/guest-agent.json", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(line, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
        Assert.Empty(result.GeneratedSources);
    }
}
