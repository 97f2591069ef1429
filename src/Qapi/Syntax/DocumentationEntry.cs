namespace Qapi.Syntax;

/// <summary>What a documentation block says about one member or feature.</summary>
internal sealed record DocumentationEntry(string Name, string Text, SourcePosition Position);
