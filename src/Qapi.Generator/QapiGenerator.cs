using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Qapi.Generator.Checks;
using Qapi.Generator.Emit;
using Qapi.Generator.Emit.Client;
using Qapi.Generator.Reading;
using Qapi.Model;

namespace Qapi.Generator;

/// <summary>
/// Turns the schema into C#: reads it (<c>Reading</c>), checks it (<c>Checks</c>), emits text (<c>Emit</c>). What is emitted is
/// chosen by the MSBuild property <c>QapiEmit</c>: <c>types</c>, <c>agent</c> or <c>client</c>; without it, nothing is.
/// </summary>
/// <remarks>
/// Every step yields values that compare by content, so an edit that leaves the schema alone ends at the first step, and one
/// that leaves the model alone (a comment in a schema file) ends at the second.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class QapiGenerator : IIncrementalGenerator
{
    /// <summary>The step that hands over each schema file.</summary>
    internal const string FilesStep = "SchemaFiles";

    /// <summary>The step that compiles the schema files to the model.</summary>
    internal const string ModelStep = "SchemaModel";

    /// <summary>The step that turns the model into text.</summary>
    internal const string TextStep = "GeneratedText";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<string> emit = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => ReadEmit(options));

        IncrementalValueProvider<EquatableArray<SchemaFile>> files = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            .Select(static (file, cancellation) =>
                new SchemaFile(file.Path.Replace('\\', '/'), file.GetText(cancellation)?.ToString() ?? ""))
            .WithTrackingName(FilesStep)
            .Collect()
            .Select(static (files, _) => new EquatableArray<SchemaFile>(files));

        IncrementalValueProvider<CompilationResult> model = files.Combine(emit)
            .Select(static (pair, _) => pair.Right.Length == 0
                ? new CompilationResult(null, default)
                : SchemaReader.Read(pair.Left))
            .WithTrackingName(ModelStep);

        IncrementalValuesProvider<GeneratedFile> text = model.Combine(emit)
            .SelectMany(static (pair, _) => Generate(pair.Left.Schema, pair.Right))
            .WithTrackingName(TextStep);

        context.RegisterSourceOutput(text, static (output, file) =>
            output.AddSource(file.Name, SourceText.From(file.Text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))));
        context.RegisterSourceOutput(model.Combine(emit), static (output, pair) => Report(output, pair.Left, pair.Right));
    }

    private static string ReadEmit(AnalyzerConfigOptionsProvider options) =>
        options.GlobalOptions.TryGetValue("build_property.QapiEmit", out string? emit) ? emit.Trim() : "";

    private static IEnumerable<GeneratedFile> Generate(Schema? schema, string emit) => (schema, emit) switch
    {
        (null, _) => [],
        (_, "types") => ProtocolEmitter.Emit(schema),
        (_, "agent") => AgentEmitter.Emit(schema),
        (_, "client") => ClientEmitter.Emit(schema),
        _ => [],
    };

    private static void Report(SourceProductionContext output, CompilationResult model, string emit)
    {
        if (emit is not ("" or "types" or "agent" or "client"))
        {
            output.ReportDiagnostic(DiagnosticReport.ForCompiler(EmitRules.UnknownEmit(emit)));
        }

        foreach (Diagnostic diagnostic in model.Diagnostics)
        {
            output.ReportDiagnostic(DiagnosticReport.ForCompiler(diagnostic));
        }
    }
}
