using System.Text;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Qapi;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// The QAPI compiler. A file makes a schema or diagnostics, never both or neither; a diagnostic points into the file; an empty line at the top moves each of
/// them down by one and changes nothing else; the schema is the same value each time.
/// </summary>
internal sealed class SchemaTarget : FuzzTarget
{
    private const string Root = "root.json";
    private const string Other = "{ 'struct': 'Other', 'data': { 'number': 'int' } }\n{ 'enum': 'Kind', 'data': [ 'one', 'two' ] }\n";

    internal override string Name => "qapi";

    internal override string About => "schema files: a model or diagnostics that point into the file";

    internal override InputShape Shape => InputShape.Json | InputShape.Lines;

    internal override int MaxInputBytes => 1024;

    internal override IEnumerable<byte[]> Seeds => SeedTexts.Schemas.SelectMany(Parts);

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words(
        "'command'", "'struct'", "'enum'", "'union'", "'alternate'", "'event'", "'include'", "'pragma'", "'data'", "'base'", "'discriminator'", "'returns'",
        "'features'", "'if'", "{ 'not': ", "{ 'all': ", "{ 'any': ", "'success-response'", "'name'", "'type'", "'prefix'", "'*a'", "'str'", "'int'", "['Other']", "'Kind'",
        "'other.json'", "'root.json'", "'gone.json'", "##\n", "# @name:\n", "# Since: 1\n", "# Returns: x\n", "# Features:\n", "# TODO: x\n", "true", "false", "#", "'doc-required'");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        CompilationResult result = Compile(text);
        Violation.Unless(result.Schema is null != (result.Diagnostics.Count == 0), "a schema or diagnostics");
        string[] lines = text.Split('\n');
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            long length = diagnostic.File != Root ? int.MaxValue : diagnostic.Line <= lines.Length ? lines[Math.Max(diagnostic.Line, 1) - 1].Length : -1;
            Violation.Unless(diagnostic.Line >= 1 && diagnostic.Column >= 1 && diagnostic.Column <= length + 1, "a diagnostic points into the file",
                diagnostic.ToString);
        }

        CompilationResult moved = Compile("\n" + text);
        Violation.Unless(Equals(result.Schema, moved.Schema), "an empty line at the top changes no schema");
        Violation.UnlessSame(Describe(result, 1), Describe(moved, 0), "an empty line at the top moves each diagnostic by one");
    }

    private static CompilationResult Compile(string text) =>
        SchemaCompiler.Compile(Root, path => path switch { Root => text, "other.json" => Other, _ => null });

    private static string Describe(CompilationResult result, int by) => string.Join(
        '\n',
        result.Diagnostics.Select(one => one.File == Root ? $"{one.Line + by} {one.Column} {one.Id}" : one.ToString()));

    // The contract's files are long: a definition with its documentation is enough.
    private static IEnumerable<byte[]> Parts(byte[] schema)
    {
        string text = Encoding.UTF8.GetString(schema);
        return text.Length < 1000 ? [schema] : text.Split("\n##\n# @").Where(part => part.Length < 1000).Select(part => Encoding.UTF8.GetBytes("##\n# @" + part));
    }
}
