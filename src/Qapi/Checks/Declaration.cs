using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>A definition as it was read, with the places that a message points to.</summary>
/// <param name="Definition">
/// The definition. What it takes from another one, named as <c>data</c> or <c>base</c>, is still missing.
/// </param>
/// <param name="NamePosition">Where its name stands.</param>
/// <param name="Node">The whole expression.</param>
/// <param name="Documentation">The block before it, when there is one with a name.</param>
/// <param name="Members">Own members, arguments, or common members of a union.</param>
/// <param name="Branches">Branches of an alternate or a union.</param>
/// <param name="Values">Values of an enumeration.</param>
internal sealed record Declaration(
    Definition Definition,
    SourcePosition NamePosition,
    ObjectNode Node,
    DocumentationBlock? Documentation,
    IReadOnlyList<DeclaredMember> Members,
    IReadOnlyList<DeclaredMember> Branches,
    IReadOnlyList<DeclaredName> Values)
{
    /// <summary>Where the value of a key stands; where the name does when there is no such key.</summary>
    internal SourcePosition PositionOf(string key) => Node.Find(key)?.Position ?? NamePosition;
}
