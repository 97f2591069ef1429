using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>What definitions of every kind have.</summary>
internal sealed record SharedParts(
    TextNode NameNode, string Module, DocumentationBlock? Block, Condition? If, EquatableArray<Feature> Features, ObjectNode Node)
{
    internal string Name => NameNode.Text;

    internal Documentation Documentation => Block?.Documentation ?? Documentation.None;

    /// <summary>The declaration of a definition that was made of these parts.</summary>
    internal Declaration Declare(
        Definition definition,
        IReadOnlyList<DeclaredMember>? members = null,
        IReadOnlyList<DeclaredMember>? branches = null,
        IReadOnlyList<DeclaredName>? values = null) =>
        new(definition, NameNode.Position, Node, Block, members ?? [], branches ?? [], values ?? []);
}
