using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Qapi.Generator.Tests;

/// <summary>What is generated compiles as the projects compile it: nullable, documented, without a warning.</summary>
public sealed class CompilationTests
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; "
        + "global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>What the client's generated methods call, without the links behind it.</summary>
    private const string Client =
        """
        using Guestwire.Protocol.Json;

        namespace Guestwire.Client;

        /// <summary>One guest.</summary>
        public sealed partial class GuestClient
        {
            private static Task<T> CallAsync<T>(
                string command, Action<JsonWriter>? arguments, Func<ReplyReader, JsonValue, T> read, CancellationToken cancellation) =>
                throw new NotSupportedException();

            private static Task CallAsync(string command, Action<JsonWriter>? arguments, CancellationToken cancellation) => throw new NotSupportedException();

            private static Task CallSilentAsync(string command, Action<JsonWriter>? arguments, CancellationToken cancellation) => throw new NotSupportedException();
        }
        """;

    private static readonly MetadataReference[] Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    [Theory]
    [InlineData("Sample")]
    [InlineData("schema")]
    public void The_output_compiles_without_warnings(string schema)
    {
        SchemaText[] files = schema == "Sample" ? ProjectFiles.Sample() : ProjectFiles.Protocol();

        CSharpCompilation protocol = Compile("Guestwire.Protocol", Generated("types", files).Concat(Runtime()), Framework);
        AssertClean(protocol);
        CSharpCompilation agent = Compile("Guestwire.Agent", Generated("agent", files), [.. Framework, protocol.ToMetadataReference()]);
        AssertClean(agent);
        CSharpCompilation client = Compile("Guestwire.Client", Generated("client", files).Concat(ClientRuntime()), [.. Framework, protocol.ToMetadataReference()]);
        AssertClean(client);
    }

    private static CSharpCompilation Compile(string name, IEnumerable<SyntaxTree> trees, MetadataReference[] references) =>
        CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(ImplicitUsings, GeneratorRun.ParseOptions), .. trees],
            references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    private static void AssertClean(CSharpCompilation compilation)
    {
        // CS1573, parameters that only a base documents, is the one that the projects silence. CS8795: the bodies of P/Invokes come from
        // the framework's generator, which does not run here.
        IEnumerable<Microsoft.CodeAnalysis.Diagnostic> found = compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id is not ("CS1573" or "CS8795"));
        Assert.Empty(found);
    }

    private static IEnumerable<SyntaxTree> Generated(string emit, SchemaText[] files)
    {
        GeneratorRunResult result = GeneratorRun.Of(emit, files);
        Assert.NotEmpty(result.GeneratedSources);
        return result.GeneratedSources.Select(source => CSharpSyntaxTree.ParseText(source.SourceText, GeneratorRun.ParseOptions));
    }

    private static SyntaxTree[] ClientRuntime() =>
    [
        CSharpSyntaxTree.ParseText(Client, GeneratorRun.ParseOptions),
        CSharpSyntaxTree.ParseText(
            File.ReadAllText(Path.Combine(ProjectFiles.Root, "src", "Guestwire.Client", "ReplyReader.cs")), GeneratorRun.ParseOptions),
    ];

    /// <summary>The part of Guestwire.Protocol that the generated code calls, from its sources.</summary>
    private static IEnumerable<SyntaxTree> Runtime()
    {
        string folder = Path.Combine(ProjectFiles.Root, "src", "Guestwire.Protocol");
        return new[] { folder, Path.Combine(folder, "Framing"), Path.Combine(folder, "Json") }
            .SelectMany(part => Directory.GetFiles(part, "*.cs"))
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), GeneratorRun.ParseOptions));
    }
}
