using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Qapi.Generator.Checks;

/// <summary>Hands broken rules of the schema to the compiler, as errors at the schema's own line.</summary>
internal static class DiagnosticReport
{
    /// <summary>The compiler's form of a broken rule.</summary>
    internal static Microsoft.CodeAnalysis.Diagnostic ForCompiler(Diagnostic diagnostic)
    {
        DiagnosticDescriptor rule = new(
            diagnostic.Id, "The schema breaks a rule", "{0}", "Qapi", DiagnosticSeverity.Error, isEnabledByDefault: true);
        return Microsoft.CodeAnalysis.Diagnostic.Create(rule, PlaceOf(diagnostic), diagnostic.Message);
    }

    private static Location PlaceOf(Diagnostic diagnostic)
    {
        if (diagnostic.File.Length == 0)
        {
            return Location.None;
        }

        // The compiler counts from zero.
        LinePosition start = new(Math.Max(diagnostic.Line - 1, 0), Math.Max(diagnostic.Column - 1, 0));
        return Location.Create(diagnostic.File, default, new LinePositionSpan(start, start));
    }
}
