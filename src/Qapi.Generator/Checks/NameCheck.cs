using Qapi.Generator.Emit;
using Qapi.Model;

namespace Qapi.Generator.Checks;

/// <summary>Finds names that C# would not take where the generator puts them.</summary>
/// <param name="uses">The types.</param>
/// <param name="report">Takes the id, the definition, the name in it or null, and the message.</param>
internal sealed class NameCheck(TypeUses uses, Action<string, Definition, string?, string> report)
{
    // What every record has by itself.
    private static readonly string[] RecordMembers =
    [
        "Clone", "Deconstruct", "EqualityContract", "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone",
        "PrintMembers", "ToString",
    ];

    /// <summary>Checks the names that share a namespace with others.</summary>
    internal void CheckSchema(Schema schema)
    {
        Dictionary<string, string> types = new(StringComparer.Ordinal);
        Dictionary<string, string> modules = new(StringComparer.Ordinal);
        foreach (Definition definition in schema.Definitions)
        {
            foreach (string name in TypesOf(definition))
            {
                Unique(types, name, definition, null, definition.Name);
            }

            if (definition is Command)
            {
                Unique(modules, AgentEmitter.InterfaceOf(definition.Module), definition, null, definition.Module);
            }
        }
    }

    /// <summary>Checks the names inside a definition.</summary>
    internal void Check(Definition definition)
    {
        switch (definition)
        {
            case Command command when command.ArgumentsType is null:
                Members(command, CSharpName.OfArguments(command.Name), command.Arguments);
                break;
            case StructType type:
                Members(type, CSharpName.Of(type.Name), uses.MembersOf(type));
                break;
            case AlternateType type:
                Members(type, CSharpName.Of(type.Name), type.Branches);
                Branches(type, type.Branches);
                break;
            case UnionType type:
                Member other = new(UnionEmitter.Branchless, type.Members[0].Type, false, "", null, default);
                bool hasOther = UnionEmitter.HasBranchless(type, uses);
                Members(type, CSharpName.Of(type.Name), [.. type.Members, .. type.Branches, .. hasOther ? [other] : Array.Empty<Member>()]);
                Branches(type, type.Branches);
                break;
        }
    }

    private static IEnumerable<string> TypesOf(Definition definition) => definition switch
    {
        Command { ArgumentsType: null, Arguments.Count: > 0 } => Both(CSharpName.OfArguments(definition.Name)),
        Command => [],
        _ => Both(CSharpName.Of(definition.Name)),
    };

    private static string[] Both(string type) => [type, type + "Codec"];

    private void Members(Definition owner, string type, IEnumerable<Member> members)
    {
        Dictionary<string, string> taken = new(StringComparer.Ordinal);
        foreach (Member member in members)
        {
            string name = CSharpName.Of(member.Name);
            Unique(taken, name, owner, member.Name, member.Name);
            if (name == type || RecordMembers.Contains(name))
            {
                report(EmitRules.UnusableNameId, owner, member.Name,
                    $"'{member.Name}' becomes '{name}' in C#, which a record named '{type}' cannot hold; choose another name");
            }
        }
    }

    private void Branches(Definition owner, IEnumerable<Member> branches)
    {
        foreach (Member branch in branches.Where(branch => CSharpName.Of(branch.Name) == "Content"))
        {
            report(EmitRules.UnusableNameId, owner, branch.Name,
                $"'{branch.Name}' becomes 'Content' in C#, which is where a branch keeps its value; choose another name");
        }
    }

    /// <param name="taken">Names in C#, with the wire names that took them.</param>
    private void Unique(Dictionary<string, string> taken, string name, Definition owner, string? inner, string wireName)
    {
        if (!taken.TryGetValue(name, out string? first))
        {
            taken.Add(name, wireName);
        }
        else if (first != wireName)
        {
            report(EmitRules.UnusableNameId, owner, inner,
                $"'{wireName}' becomes '{name}' in C#, and so does '{first}'; rename one of them");
        }
    }
}
