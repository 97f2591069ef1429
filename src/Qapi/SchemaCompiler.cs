using Qapi.Checks;
using Qapi.Model;
using Qapi.Syntax;

namespace Qapi;

/// <summary>
/// Turns schema files into a checked schema, in three steps: the files become expressions (<c>Syntax</c>), the expressions
/// become definitions (<see cref="DefinitionReader"/>), and the definitions are held against the rules (<c>Checks</c>).
/// </summary>
public static class SchemaCompiler
{
    /// <summary>Compiles a schema file with all that it includes. Never throws because of what the files hold.</summary>
    /// <param name="rootPath">The path of the file to start with.</param>
    /// <param name="open">
    /// Gives the text of a file, or null when there is none. It is asked for <paramref name="rootPath"/> as it stands, and
    /// for each included path put behind the folder of the file that includes it, with <c>.</c> and <c>..</c> taken out.
    /// </param>
    public static CompilationResult Compile(string rootPath, Func<string, string?> open)
    {
        var diagnostics = new DiagnosticList();
        var sources = new SchemaSources(open, diagnostics);
        sources.Load(rootPath);

        var reader = new DefinitionReader(diagnostics);
        List<Declaration> declarations = [];
        bool isIncomplete = sources.IsIncomplete;
        foreach (SchemaExpression expression in sources.Expressions)
        {
            if (reader.Read(expression) is { } declaration)
            {
                declarations.Add(declaration);
            }
            else
            {
                isIncomplete = true;
            }
        }

        var context = new CheckContext(declarations, isIncomplete, sources.Pragmas, diagnostics);
        DefinitionCheck.Run(context);
        TypeCheck.Run(context);
        MemberCheck.Run(context);
        AlternateCheck.Run(context);
        UnionCheck.Run(context);
        CommandCheck.Run(context);
        NameCheck.Run(context);
        FeatureCheck.Run(context);
        DocumentationCheck.Run(context);

        Schema? schema = diagnostics.IsEmpty ? new Schema(new(declarations.Select(context.Resolve))) : null;
        return new CompilationResult(schema, diagnostics.ToArray());
    }
}
