namespace Qapi.Syntax;

/// <summary>A value as it stands in a schema file.</summary>
internal abstract record Node(SourcePosition Position)
{
    /// <summary>How a message names a value of this kind.</summary>
    internal abstract string Kind { get; }
}

/// <summary>A string.</summary>
internal sealed record TextNode(SourcePosition Position, string Text) : Node(Position)
{
    internal override string Kind => "a string";
}

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed record BooleanNode(SourcePosition Position, bool Value) : Node(Position)
{
    internal override string Kind => "a boolean";
}

/// <summary>A list.</summary>
internal sealed record ListNode(SourcePosition Position, IReadOnlyList<Node> Items) : Node(Position)
{
    internal override string Kind => "a list";
}

/// <summary>An object; its keys differ.</summary>
internal sealed record ObjectNode(SourcePosition Position, IReadOnlyList<Property> Properties) : Node(Position)
{
    internal override string Kind => "an object";

    /// <summary>The value of a key, or null.</summary>
    internal Node? Find(string key) => Properties.FirstOrDefault(property => property.Key == key)?.Value;
}

/// <summary>A key of an object with its value.</summary>
internal sealed record Property(SourcePosition Position, string Key, Node Value);
