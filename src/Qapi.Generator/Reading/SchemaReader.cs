using Qapi.Generator.Checks;
using Qapi.Model;

namespace Qapi.Generator.Reading;

/// <summary>From the text of the files to the model.</summary>
internal static class SchemaReader
{
    /// <summary>The file that includes all others.</summary>
    internal const string RootFile = "guest-agent.json";

    /// <summary>Compiles the schema among these files and holds it against what C# and the wire's runtime can do.</summary>
    internal static CompilationResult Read(EquatableArray<SchemaFile> files)
    {
        string? root = null;
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (SchemaFile file in files)
        {
            texts[file.Path] = file.Text;
            root = file.Name == RootFile ? file.Path : root;
        }

        if (root is null)
        {
            return new CompilationResult(null, new([EmitRules.NoRootFile()]));
        }

        CompilationResult result = SchemaCompiler.Compile(root, path => texts.TryGetValue(path, out string? text) ? text : null);
        if (result.Schema is null)
        {
            return result;
        }

        EquatableArray<Diagnostic> broken = new EmitCheck(result.Schema, files).Run();
        return broken.Count == 0 ? result : new CompilationResult(null, broken);
    }
}
