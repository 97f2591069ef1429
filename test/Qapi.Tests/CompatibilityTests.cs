using Qapi.Model;

namespace Qapi.Tests;

public sealed class CompatibilityTests
{
    [Theory]
    [InlineData("1.1", 19, 9)]
    [InlineData("4.0", 35, 29)]
    public void Historical_schemas_parse_whole(string version, int commands, int types)
    {
        Schema schema = SchemaFiles.Historical(version);

        Assert.Equal(commands, schema.Commands.Count());
        Assert.Equal(types, schema.Definitions.Count - commands);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("4.0")]
    public void Every_command_and_type_of_old_is_served(string version) =>
        Assert.Equal([], Compatibility.Breaches(SchemaFiles.Historical(version), SchemaFiles.Ours));

    [Fact]
    public void The_proof_tells_what_a_broken_promise_is()
    {
        const string Old = """
            { 'enum': 'Colour', 'data': [ 'red', 'blue' ] }
            { 'struct': 'Thing', 'data': { 'a': 'int', 'b': 'str' } }
            { 'command': 'guest-gone' }
            { 'command': 'guest-loud', 'success-response': false }
            { 'command': 'guest-get', 'returns': 'Thing' }
            { 'command': 'guest-set', 'data': { 'thing': 'Thing', '*maybe': 'int', 'lost': 'int', 'colour': 'Colour' } }
            """;
        const string Current = """
            { 'enum': 'Colour', 'data': [ 'red' ] }
            { 'struct': 'Thing', 'data': { '*a': 'int', 'b': 'int', 'c': 'int' } }
            { 'command': 'guest-loud' }
            { 'command': 'guest-get', 'returns': [ 'Thing' ] }
            { 'command': 'guest-set', 'data': { 'thing': 'Thing', 'maybe': 'int', 'colour': 'Colour' } }
            """;

        Assert.Equal(
            [
                "Colour lost its value blue",
                "Thing: a may be missing now",
                "Thing.b returned str, returns int",
                "guest-gone is gone",
                "guest-loud changed whether it answers",
                "guest-get returned Thing, returns Thing",
                "guest-set: maybe is newly required",
                "Thing: c is newly required",
                "Thing.b was str, is int",
                "guest-set: lost is no longer accepted",
                "Colour lost its value blue",
            ],
            Compatibility.Breaches(Compile(Old), Compile(Current)));
    }

    private static Schema Compile(string text) => SchemaCompiler.Compile("one.json", _ => text).Schema!;
}
