using Qapi.Model;

namespace Qapi.Syntax;

/// <summary>What a documentation block says.</summary>
/// <param name="Position">Its first line.</param>
/// <param name="Name">The definition it is for, or null for a remark about the schema as a whole.</param>
/// <param name="Documentation">The parts about the definition itself.</param>
/// <param name="Members">The parts about members, arguments, branches and values.</param>
/// <param name="Features">The parts about features, of the definition or of its members.</param>
internal sealed record DocumentationBlock(
    SourcePosition Position,
    string? Name,
    Documentation Documentation,
    IReadOnlyList<DocumentationEntry> Members,
    IReadOnlyList<DocumentationEntry> Features)
{
    /// <summary>What it says about a member; empty when nothing.</summary>
    internal string OfMember(string name) => Members.FirstOrDefault(entry => entry.Name == name)?.Text ?? "";

    /// <summary>What it says about a feature; empty when nothing.</summary>
    internal string OfFeature(string name) => Features.FirstOrDefault(entry => entry.Name == name)?.Text ?? "";
}
