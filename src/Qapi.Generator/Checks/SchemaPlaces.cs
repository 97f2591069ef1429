using Qapi.Generator.Reading;
using Qapi.Model;

namespace Qapi.Generator.Checks;

/// <summary>
/// Finds the line of a definition or member again. The model has no positions, so that moving a definition changes nothing
/// in it; the few rules checked on the model look the place up in the text. Linear; it runs only for a broken schema.
/// </summary>
internal sealed class SchemaPlaces(EquatableArray<SchemaFile> files)
{
    private static readonly string[] Keywords = ["'command'", "'struct'", "'enum'", "'alternate'", "'union'"];

    /// <summary>A diagnostic at a definition, or at a name in it.</summary>
    /// <param name="id">The rule.</param>
    /// <param name="definition">The definition.</param>
    /// <param name="inner">The name of a member, value or branch, or null for the definition itself.</param>
    /// <param name="message">The rule broken and the way out.</param>
    internal Diagnostic Report(string id, Definition definition, string? inner, string message)
    {
        SchemaFile? file = files.FirstOrDefault(candidate => candidate.Module == definition.Module);
        if (file is null)
        {
            return new Diagnostic(id, "", 0, 0, message);
        }

        string[] lines = file.Text.Split('\n');
        (int line, int column) = DefinitionPlace(lines, definition.Name);
        if (inner is not null)
        {
            (line, column) = InnerPlace(lines, line, column, inner);
        }

        return new Diagnostic(id, file.Path, line + 1, column + 1, message);
    }

    private static (int Line, int Column) DefinitionPlace(string[] lines, string name)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            int column = lines[i].IndexOf($"'{name}'", StringComparison.Ordinal);
            if (column >= 0 && !IsComment(lines[i]) && FollowsKeyword(lines[i].Substring(0, column)))
            {
                return (i, column);
            }
        }

        return (0, 0);
    }

    private static (int Line, int Column) InnerPlace(string[] lines, int start, int startColumn, string name)
    {
        for (int i = start; i < lines.Length && !lines[i].StartsWith("##", StringComparison.Ordinal); i++)
        {
            int from = i == start ? startColumn + 1 : 0;
            int column = lines[i].IndexOf($"'{name}'", from, StringComparison.Ordinal);
            column = column >= 0 ? column : lines[i].IndexOf($"'*{name}'", from, StringComparison.Ordinal);
            if (column >= 0 && !IsComment(lines[i]))
            {
                return (i, column);
            }
        }

        return (start, startColumn);
    }

    private static bool FollowsKeyword(string text)
    {
        string before = text.TrimEnd().TrimEnd(':').TrimEnd();
        return Keywords.Any(word => before.EndsWith(word, StringComparison.Ordinal));
    }

    private static bool IsComment(string line) => line.TrimStart().StartsWith("#", StringComparison.Ordinal);
}
