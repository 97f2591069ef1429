namespace Qapi.Syntax;

/// <summary>A place in a schema file; line and column count from 1.</summary>
internal readonly record struct SourcePosition(string File, int Line, int Column);
