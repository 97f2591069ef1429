namespace Qapi;

/// <summary>Every rule whose breach is reported. Each has a page in <c>docs/diagnostics</c> and a case in the tests.</summary>
public static class DiagnosticRules
{
    private static readonly List<DiagnosticRule> Table = [];

    internal static readonly DiagnosticRule StrayCharacter = Add(1, "A character that starts no token");
    internal static readonly DiagnosticRule UnclosedString = Add(2, "A string ends on the line it starts on");
    internal static readonly DiagnosticRule StringCharacter = Add(3, "Strings hold printable ASCII");
    internal static readonly DiagnosticRule Syntax = Add(4, "Objects, lists, strings and booleans, in JSON's order");
    internal static readonly DiagnosticRule Nesting = Add(5, "Nesting has a limit");
    internal static readonly DiagnosticRule RepeatedKey = Add(6, "A key stands once in its object");
    internal static readonly DiagnosticRule MissingFile = Add(7, "A schema file can be opened");
    internal static readonly DiagnosticRule IncludeLoop = Add(8, "Files do not include each other in a circle");
    internal static readonly DiagnosticRule IncludeForm = Add(9, "An include is one path, alone");
    internal static readonly DiagnosticRule UnknownPragma = Add(10, "Only known pragmas");
    internal static readonly DiagnosticRule PragmaValue = Add(11, "A pragma has the value it calls for");
    internal static readonly DiagnosticRule UnknownKind = Add(12, "An expression defines something known");
    internal static readonly DiagnosticRule UnknownKey = Add(13, "A definition has known keys only");
    internal static readonly DiagnosticRule MissingKey = Add(14, "A definition has the keys it needs");
    internal static readonly DiagnosticRule ValueForm = Add(15, "A key has a value of its kind");
    internal static readonly DiagnosticRule InvalidName = Add(16, "Names are made of letters, digits and hyphens");
    internal static readonly DiagnosticRule RepeatedDefinition = Add(17, "A name is defined once");
    internal static readonly DiagnosticRule RepeatedMember = Add(18, "A member stands once in its object");
    internal static readonly DiagnosticRule NameCollision = Add(19, "Names stay different in C#");
    internal static readonly DiagnosticRule UnknownType = Add(20, "A type is built in or defined");
    internal static readonly DiagnosticRule TypeKind = Add(21, "A type fits the place where it is used");
    internal static readonly DiagnosticRule ArrayForm = Add(22, "An array names one element type");
    internal static readonly DiagnosticRule BaseLoop = Add(23, "A struct is not its own base");
    internal static readonly DiagnosticRule AlternateBranches = Add(24, "Branches of an alternate differ in JSON");
    internal static readonly DiagnosticRule Discriminator = Add(25, "A discriminator is a mandatory enumeration");
    internal static readonly DiagnosticRule UnionBranch = Add(26, "A branch is named by a value of the discriminator");
    internal static readonly DiagnosticRule ConditionForm = Add(27, "A condition is a name, or all, any, not");
    internal static readonly DiagnosticRule FeatureForm = Add(28, "A feature has a name and stands once");
    internal static readonly DiagnosticRule BareReturn = Add(29, "A command returns an object");
    internal static readonly DiagnosticRule SilentReturn = Add(30, "A silent command returns nothing");
    internal static readonly DiagnosticRule UnclosedDocumentation = Add(31, "A documentation block ends with ##");
    internal static readonly DiagnosticRule MissingDocumentation = Add(32, "A definition is documented");
    internal static readonly DiagnosticRule DocumentationName = Add(33, "Documentation names its definition");
    internal static readonly DiagnosticRule DocumentationMember = Add(34, "Documentation describes what exists");
    internal static readonly DiagnosticRule RepeatedDocumentation = Add(35, "A thing is documented once");
    internal static readonly DiagnosticRule StrayDocumentation = Add(36, "Documentation stands before its definition");
    internal static readonly DiagnosticRule OptionalBranch = Add(37, "A branch is not optional");
    internal static readonly DiagnosticRule FeaturePlace = Add(38, "A feature stands where it means something");

    /// <summary>All rules, by id.</summary>
    public static IReadOnlyList<DiagnosticRule> All => Table;

    private static DiagnosticRule Add(int number, string title)
    {
        var rule = new DiagnosticRule($"QAPI{number:0000}", title);
        Table.Add(rule);
        return rule;
    }
}
