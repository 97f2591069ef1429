using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Qapi.Generator.Tests;

/// <summary>Runs the generator as the compiler does.</summary>
internal static class GeneratorRun
{
    /// <summary>How the generated text is read: with its documentation, so that a broken comment is a warning.</summary>
    internal static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Preview, DocumentationMode.Diagnose);

    /// <summary>What the generator gives for schema files.</summary>
    internal static GeneratorRunResult Of(string? emit, params SchemaText[] files) =>
        Driver(emit, files).RunGenerators(CSharpCompilation.Create("empty")).GetRunResult().Results.Single();

    /// <summary>What the generator gives for one file that is the whole schema.</summary>
    internal static GeneratorRunResult OfText(string schema, string emit = "types") =>
        Of(emit, new SchemaText("schema/guest-agent.json", schema));

    /// <summary>A driver that notes which steps had to run.</summary>
    internal static GeneratorDriver Driver(string? emit, SchemaText[] files) => CSharpGeneratorDriver.Create(
        [new QapiGenerator().AsSourceGenerator()],
        files,
        ParseOptions,
        new EmitOptions(emit),
        new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}
