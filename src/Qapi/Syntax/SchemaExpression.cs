namespace Qapi.Syntax;

/// <summary>An object at the outermost level of a schema file, with the documentation before it.</summary>
internal sealed record SchemaExpression(ObjectNode Node, DocumentationBlock? Documentation);
