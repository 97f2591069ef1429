using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>All that was declared, for the checks to look at. Of two definitions of a name the first counts.</summary>
internal sealed class CheckContext
{
    private readonly Dictionary<string, Declaration> _byName = [];

    internal CheckContext(
        IReadOnlyList<Declaration> declarations, bool isIncomplete, SchemaPragmas pragmas, DiagnosticList diagnostics)
    {
        Declarations = declarations;
        IsIncomplete = isIncomplete;
        Pragmas = pragmas;
        Diagnostics = diagnostics;
        foreach (Declaration declaration in declarations)
        {
            if (!_byName.ContainsKey(declaration.Definition.Name))
            {
                _byName.Add(declaration.Definition.Name, declaration);
            }
        }
    }

    /// <summary>Everything declared, in order.</summary>
    internal IReadOnlyList<Declaration> Declarations { get; }

    /// <summary>Whether some definitions could not be read; then a name that seems undefined is no news.</summary>
    internal bool IsIncomplete { get; }

    /// <summary>What the pragmas say.</summary>
    internal SchemaPragmas Pragmas { get; }

    /// <summary>Where breaches go.</summary>
    internal DiagnosticList Diagnostics { get; }

    /// <summary>What declares a name, or null.</summary>
    internal Declaration? Find(string name) => _byName.TryGetValue(name, out Declaration? found) ? found : null;

    /// <summary>Whether a type is built in or defined.</summary>
    internal bool IsKnown(string name) => BuiltInType.IsBuiltIn(name) || _byName.ContainsKey(name);

    /// <summary>The definition of that name, or null.</summary>
    internal Definition? FindDefinition(string? name) => name is null ? null : Find(name)?.Definition;

    /// <summary>The members of a struct, those of its bases first. Ends also when a struct is its own base.</summary>
    /// <param name="structName">The struct, or null for none.</param>
    /// <param name="derived">A struct derived from it, whose members are never among them.</param>
    internal IReadOnlyList<Member> AllMembers(string? structName, string derived = "")
    {
        List<Member> members = [];
        HashSet<string> seen = [derived];
        while (FindDefinition(structName) is StructType type && seen.Add(type.Name))
        {
            members.InsertRange(0, type.Members);
            structName = type.Base;
        }

        return members;
    }

    /// <summary>The members that a definition takes from the struct that its <c>data</c> or <c>base</c> names.</summary>
    internal IReadOnlyList<Member> TakenMembers(Definition definition) => definition switch
    {
        Command command => AllMembers(command.ArgumentsType),
        StructType type => AllMembers(type.Base, type.Name),
        UnionType union => AllMembers(union.Base),
        _ => [],
    };

    /// <summary>The definition with what it takes from another one filled in.</summary>
    internal Definition Resolve(Declaration declaration) => declaration.Definition switch
    {
        Command { ArgumentsType: { } name } command => command with { Arguments = new(AllMembers(name)) },
        UnionType { Base: { } name } union => union with { Members = new(AllMembers(name)) },
        Definition definition => definition,
    };
}
