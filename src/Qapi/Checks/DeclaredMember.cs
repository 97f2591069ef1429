using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>A member with the places where it and its type stand.</summary>
internal sealed record DeclaredMember(Member Member, SourcePosition Position, SourcePosition TypePosition);
