using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>Turns an expression into a definition. What it can judge by the expression alone, it judges here.</summary>
internal sealed class DefinitionReader
{
    private static readonly Dictionary<string, string[]> KeysByKind = new()
    {
        ["command"] = ["data", "returns", "success-response", "boxed", "allow-oob", "allow-preconfig", "coroutine"],
        ["struct"] = ["data", "base"],
        ["type"] = ["data", "base"], // how schemas before 2.4 say struct
        ["enum"] = ["data", "prefix"],
        ["alternate"] = ["data"],
        ["union"] = ["data", "base", "discriminator"],
    };

    private static readonly string[] CommonKeys = ["if", "features"];

    private readonly DiagnosticList _diagnostics;
    private readonly ConditionReader _conditions;
    private readonly FeatureReader _features;
    private readonly MemberReader _members;
    private readonly EnumReader _enums;

    internal DefinitionReader(DiagnosticList diagnostics)
    {
        _diagnostics = diagnostics;
        _conditions = new ConditionReader(diagnostics);
        _features = new FeatureReader(diagnostics, _conditions);
        _members = new MemberReader(diagnostics, _conditions, _features);
        _enums = new EnumReader(diagnostics, _conditions, _features);
    }

    /// <summary>The definition, or null when it is too damaged to be one.</summary>
    internal Declaration? Read(SchemaExpression expression)
    {
        ObjectNode node = expression.Node;
        if (node.Properties.FirstOrDefault(property => KeysByKind.ContainsKey(property.Key)) is not { } kind)
        {
            _diagnostics.Report(DiagnosticRules.UnknownKind, node.Position,
                "this defines nothing known; an expression is an include, a pragma, a command, a struct, an enum, an "
                + "alternate or a union. The agent sends no events");
            return null;
        }

        if (kind.Value is not TextNode name || !WireName.IsValid(name.Text))
        {
            _diagnostics.Report(DiagnosticRules.InvalidName, kind.Value.Position,
                "a definition is named by letters, digits, hyphens and underscores, a letter first");
            return null;
        }

        ReportUnknownKeys(node, kind.Key);
        DocumentationBlock? block = expression.Documentation is { Name: not null } named ? named : null;
        var shared = new SharedParts(
            name, ModuleOf(name.Position.File), block, _conditions.Read(node), _features.Read(node, block), node);
        return kind.Key switch
        {
            "command" => ReadCommand(shared),
            "enum" => ReadEnum(shared),
            "alternate" => ReadAlternate(shared),
            "union" => ReadUnion(shared),
            _ => ReadStruct(shared),
        };
    }

    private Declaration ReadCommand(SharedParts shared)
    {
        string? argumentsType = (shared.Node.Find("data") as TextNode)?.Text;
        List<DeclaredMember> arguments = argumentsType is null ? ReadMemberList(shared, "data") : [];
        TypeReference? returns = shared.Node.Find("returns") is { } type ? _members.ReadType(type) : null;
        foreach (string key in new[] { "boxed", "allow-oob", "allow-preconfig", "coroutine" })
        {
            ReadFlag(shared, key); // of no meaning for our code, but a schema may say it
        }

        var command = new Command(
            shared.Name, shared.Module, shared.Documentation, shared.If, shared.Features,
            Members(arguments), argumentsType, returns, ReadSuccessResponse(shared));
        return shared.Declare(command, members: arguments);
    }

    private Declaration ReadStruct(SharedParts shared)
    {
        RequireKey(shared, "data");
        List<DeclaredMember> members = ReadMemberList(shared, "data");
        var type = new StructType(
            shared.Name, shared.Module, shared.Documentation, shared.If, shared.Features,
            ReadText(shared, "base"), Members(members));
        return shared.Declare(type, members: members);
    }

    private Declaration ReadEnum(SharedParts shared)
    {
        RequireKey(shared, "data");
        List<DeclaredName> positions = [];
        EquatableArray<EnumValue> values = shared.Node.Find("data") is { } data
            ? _enums.ReadValues(data, shared.Block, positions)
            : default;
        var type = new EnumType(
            shared.Name, shared.Module, shared.Documentation, shared.If, shared.Features, values,
            ReadText(shared, "prefix"));
        return shared.Declare(type, values: positions);
    }

    private Declaration ReadAlternate(SharedParts shared)
    {
        RequireKey(shared, "data");
        List<DeclaredMember> branches = ReadBranchList(shared);
        var type = new AlternateType(
            shared.Name, shared.Module, shared.Documentation, shared.If, shared.Features, Members(branches));
        return shared.Declare(type, branches: branches);
    }

    private Declaration ReadUnion(SharedParts shared)
    {
        RequireKey(shared, "data");
        RequireKey(shared, "base");
        RequireKey(shared, "discriminator");
        string? baseName = (shared.Node.Find("base") as TextNode)?.Text;
        List<DeclaredMember> members = baseName is null ? ReadMemberList(shared, "base") : [];
        List<DeclaredMember> branches = ReadBranchList(shared);
        var type = new UnionType(
            shared.Name, shared.Module, shared.Documentation, shared.If, shared.Features,
            baseName, Members(members), ReadText(shared, "discriminator") ?? "", Members(branches));
        return shared.Declare(type, members: members, branches: branches);
    }

    private List<DeclaredMember> ReadMemberList(SharedParts shared, string key)
    {
        Node? value = shared.Node.Find(key);
        if (value is ObjectNode list)
        {
            return _members.ReadMembers(list, shared.Block);
        }

        ReportForm(value, key, "an object of members");
        return [];
    }

    private List<DeclaredMember> ReadBranchList(SharedParts shared)
    {
        Node? value = shared.Node.Find("data");
        if (value is ObjectNode list)
        {
            return _members.ReadBranches(list, shared.Block);
        }

        ReportForm(value, "data", "an object of branches");
        return [];
    }

    private string? ReadText(SharedParts shared, string key)
    {
        Node? value = shared.Node.Find(key);
        if (value is not (null or TextNode))
        {
            ReportForm(value, key, "a name");
        }

        return (value as TextNode)?.Text;
    }

    private bool ReadFlag(SharedParts shared, string key)
    {
        Node? value = shared.Node.Find(key);
        if (value is BooleanNode flag)
        {
            return flag.Value;
        }

        ReportForm(value, key, "true or false");
        return false;
    }

    private bool ReadSuccessResponse(SharedParts shared) => shared.Node.Find("success-response") switch
    {
        null => true,
        TextNode { Text: "no" } => false, // how schemas before 1.7 say false
        TextNode { Text: "yes" } => true,
        _ => ReadFlag(shared, "success-response"),
    };

    private void ReportForm(Node? value, string key, string expected)
    {
        if (value is not null)
        {
            _diagnostics.Report(DiagnosticRules.ValueForm, value.Position,
                $"{key} is {expected}, not {value.Kind}; write it so");
        }
    }

    private void RequireKey(SharedParts shared, string key)
    {
        if (shared.Node.Find(key) is null)
        {
            _diagnostics.Report(DiagnosticRules.MissingKey, shared.Node.Position,
                $"{shared.Name} has no '{key}'; every definition of its kind needs one");
        }
    }

    private void ReportUnknownKeys(ObjectNode node, string kind)
    {
        foreach (Property property in node.Properties)
        {
            bool isKnown = property.Key == kind || KeysByKind[kind].Contains(property.Key) || CommonKeys.Contains(property.Key);
            if (!isKnown)
            {
                _diagnostics.Report(DiagnosticRules.UnknownKey, property.Position,
                    $"'{property.Key}' is no key that goes with '{kind}'; known are {string.Join(", ", KeysByKind[kind].Concat(CommonKeys))}");
            }
        }
    }

    private static EquatableArray<Member> Members(List<DeclaredMember> members) => new(members.Select(member => member.Member));

    private static string ModuleOf(string path)
    {
        string name = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        int dot = name.LastIndexOf('.');
        return dot > 0 ? name.Substring(0, dot) : name;
    }
}
