using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Which way each type travels: written in replies, read in arguments; alone, in lists, or as a union's branch.</summary>
internal sealed class TypeUses
{
    private readonly Schema _schema;
    private readonly HashSet<string> _written = [];
    private readonly HashSet<string> _read = [];
    private readonly HashSet<string> _writtenInLists = [];
    private readonly HashSet<string> _readInLists = [];
    private readonly HashSet<string> _branches = [];
    private readonly HashSet<string> _arguments = [];

    /// <summary>Follows every command of the schema.</summary>
    internal TypeUses(Schema schema)
    {
        _schema = schema;
        foreach (Command command in schema.Commands)
        {
            if (command.Returns is { } returns)
            {
                Follow(returns, _written, _writtenInLists);
            }

            if (command.ArgumentsType is { } type)
            {
                _arguments.Add(type);
                FollowDefinition(type, _read, _readInLists);
            }
            else
            {
                FollowMembers(command.Arguments, _read, _readInLists);
            }
        }
    }

    /// <summary>Whether replies hold this type.</summary>
    internal bool IsWritten(string type) => _written.Contains(type);

    /// <summary>Whether arguments hold this type.</summary>
    internal bool IsRead(string type) => _read.Contains(type);

    /// <summary>Whether replies hold lists of this type.</summary>
    internal bool IsWrittenInLists(string type) => _writtenInLists.Contains(type);

    /// <summary>Whether arguments hold lists of this type.</summary>
    internal bool IsReadInLists(string type) => _readInLists.Contains(type);

    /// <summary>Whether the type's members are a branch of a union.</summary>
    internal bool IsBranch(string type) => _branches.Contains(type);

    /// <summary>Whether a command names this struct as its arguments.</summary>
    internal bool IsArguments(string type) => _arguments.Contains(type);

    /// <summary>The members of a struct, those of its base first.</summary>
    internal List<Member> MembersOf(StructType type)
    {
        List<Member> members = type.Base is { } name && _schema.Find(name) is StructType parent ? MembersOf(parent) : [];
        members.AddRange(type.Members);
        return members;
    }

    /// <summary>The members of a struct of that name.</summary>
    internal List<Member> MembersOf(string type) => MembersOf((StructType)_schema.Find(type)!);

    /// <summary>The definition of a type, or null for a built-in one.</summary>
    internal Definition? Find(string type) => _schema.Find(type);

    /// <summary>The JSON kinds that select an alternate's branch of this type, as a pattern.</summary>
    internal string KindsOf(TypeReference type) => type.Name switch
    {
        "str" => "JsonKind.String",
        "bool" => "JsonKind.Boolean",

        // A fraction does not make another branch: it selects the number's branch, and an integer branch refuses it.
        _ when CSharpType.RuntimeMethodOf(type.Name) is not null => "JsonKind.Integer or JsonKind.Double",
        _ => Find(type.Name) is EnumType ? "JsonKind.String" : "JsonKind.Object",
    };

    private void Follow(TypeReference type, HashSet<string> types, HashSet<string> lists)
    {
        if (type.IsArray)
        {
            lists.Add(type.Name);
        }

        FollowDefinition(type.Name, types, lists);
    }

    private void FollowMembers(IEnumerable<Member> members, HashSet<string> types, HashSet<string> lists)
    {
        foreach (Member member in members)
        {
            Follow(member.Type, types, lists);
        }
    }

    private void FollowDefinition(string name, HashSet<string> types, HashSet<string> lists)
    {
        if (_schema.Find(name) is not { } definition || !types.Add(name))
        {
            return;
        }

        switch (definition)
        {
            case StructType type:
                FollowMembers(MembersOf(type), types, lists);
                break;
            case AlternateType type:
                FollowMembers(type.Branches, types, lists);
                break;
            case UnionType type:
                FollowMembers(type.Members, types, lists);
                FollowMembers(type.Branches, types, lists);
                _branches.UnionWith(type.Branches.Select(branch => branch.Type.Name));
                break;
        }
    }
}
