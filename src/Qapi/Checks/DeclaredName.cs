using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>A name with the place where it stands.</summary>
internal sealed record DeclaredName(string Name, SourcePosition Position);
