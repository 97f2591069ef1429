namespace Qapi.Model;

/// <summary>A checked schema: every name in it resolves, every rule of the language holds. Equal schemas compare equal.</summary>
/// <param name="Definitions">Everything defined, in the order of the files and of the lines in them.</param>
public sealed record Schema(EquatableArray<Definition> Definitions)
{
    /// <summary>The commands, in schema order.</summary>
    public IEnumerable<Command> Commands => Definitions.OfType<Command>();

    /// <summary>The definition of that name, or null.</summary>
    public Definition? Find(string name) => Definitions.FirstOrDefault(definition => definition.Name == name);
}

/// <summary>One named thing of the schema: a command or a type.</summary>
/// <param name="Name">The name on the wire.</param>
/// <param name="Module">The schema file it stands in, without folder and extension: <c>file</c> for <c>schema/file.json</c>.</param>
/// <param name="Doc">Its documentation; empty where the schema has none.</param>
/// <param name="If">The condition under which it exists, or null for always.</param>
/// <param name="Features">Features declared on the definition.</param>
public abstract record Definition(
    string Name, string Module, Documentation Doc, Condition? If, EquatableArray<Feature> Features);

/// <summary>A command.</summary>
/// <param name="Arguments">The arguments in order; those of a named struct when <paramref name="ArgumentsType"/> is set.</param>
/// <param name="ArgumentsType">The struct that <c>data</c> names, or null when the arguments stand in the command itself.</param>
/// <param name="Returns">What it returns, or null for nothing (<c>{}</c> on the wire).</param>
/// <param name="SuccessResponse">False when success is answered by silence.</param>
public sealed record Command(
    string Name, string Module, Documentation Doc, Condition? If, EquatableArray<Feature> Features,
    EquatableArray<Member> Arguments, string? ArgumentsType, TypeReference? Returns, bool SuccessResponse)
    : Definition(Name, Module, Doc, If, Features);

/// <summary>A struct.</summary>
/// <param name="Base">The struct whose members come first, or null.</param>
/// <param name="Members">Its own members, in order.</param>
public sealed record StructType(
    string Name, string Module, Documentation Doc, Condition? If, EquatableArray<Feature> Features,
    string? Base, EquatableArray<Member> Members)
    : Definition(Name, Module, Doc, If, Features);

/// <summary>An enumeration; on the wire the value's name as a string.</summary>
/// <param name="Values">The values, in order.</param>
/// <param name="Prefix">The C prefix the schema names, or null. Unused by us, kept for other readers.</param>
public sealed record EnumType(
    string Name, string Module, Documentation Doc, Condition? If, EquatableArray<Feature> Features,
    EquatableArray<EnumValue> Values, string? Prefix)
    : Definition(Name, Module, Doc, If, Features);

/// <summary>A value of one of several types, told apart by its JSON type.</summary>
/// <param name="Branches">The possible types, in order; each of another JSON type.</param>
public sealed record AlternateType(
    string Name, string Module, Documentation Doc, Condition? If, EquatableArray<Feature> Features,
    EquatableArray<Member> Branches)
    : Definition(Name, Module, Doc, If, Features);

/// <summary>A flat union: common members, one of which, an enumeration, says which branch's members follow.</summary>
/// <param name="Base">The struct of the common members when <c>base</c> names one, else null.</param>
/// <param name="Members">The common members, whichever way they were given.</param>
/// <param name="Discriminator">The common member that selects the branch.</param>
/// <param name="Branches">Branches by value of the discriminator; a value without a branch adds no members.</param>
public sealed record UnionType(
    string Name, string Module, Documentation Doc, Condition? If, EquatableArray<Feature> Features,
    string? Base, EquatableArray<Member> Members, string Discriminator, EquatableArray<Member> Branches)
    : Definition(Name, Module, Doc, If, Features);

/// <summary>A member of a struct or union, an argument, or a branch.</summary>
/// <param name="Name">The name on the wire, without the star of an optional member.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsOptional">Whether it may be absent.</param>
/// <param name="Doc">Its documentation text; empty where the schema has none.</param>
/// <param name="If">The condition under which it exists, or null for always.</param>
/// <param name="Features">Features declared on the member.</param>
public sealed record Member(
    string Name, TypeReference Type, bool IsOptional, string Doc, Condition? If, EquatableArray<Feature> Features);

/// <summary>A value of an enumeration.</summary>
public sealed record EnumValue(string Name, string Doc, Condition? If, EquatableArray<Feature> Features);

/// <summary>A feature: a named fact about what it stands on. See schema/README.md for those that we use.</summary>
public sealed record Feature(string Name, string Doc, Condition? If);

/// <summary>A use of a type.</summary>
/// <param name="Name">A built-in type (<c>str int number bool int8..int64 uint8..uint64 size null any</c>) or a defined one.</param>
/// <param name="IsArray">Whether it is a list of that type.</param>
public sealed record TypeReference(string Name, bool IsArray);

/// <summary>
/// A condition in canonical text: a name (<c>CONFIG_LINUX</c>), or <c>all(…)</c>, <c>any(…)</c>, <c>not(…)</c> of conditions.
/// </summary>
public sealed record Condition(string Text);

/// <summary>The documentation of one definition, in parts.</summary>
/// <param name="Body">What it does.</param>
/// <param name="Returns">The text of the <c>Returns:</c> section, or empty.</param>
/// <param name="Errors">The text of the <c>Errors:</c> section, or empty.</param>
/// <param name="Since">The version of the <c>Since:</c> section, or empty.</param>
/// <param name="Sections">Other sections (<c>Note:</c>, <c>Notes:</c>, <c>Example:</c>, <c>TODO:</c> …) as "Name: text".</param>
public sealed record Documentation(
    string Body, string Returns, string Errors, string Since, EquatableArray<string> Sections)
{
    /// <summary>No documentation at all.</summary>
    public static Documentation None { get; } = new("", "", "", "", default);
}
