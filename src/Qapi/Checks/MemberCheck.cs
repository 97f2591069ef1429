using Qapi.Model;
using Qapi.Syntax;

namespace Qapi.Checks;

/// <summary>Members stay apart on the wire and in C#, also from those of a base and from the name of their own type.</summary>
internal static class MemberCheck
{
    internal static void Run(CheckContext context)
    {
        foreach (Declaration declaration in context.Declarations)
        {
            IReadOnlyList<Member> taken = context.TakenMembers(declaration.Definition);
            string owner = OwnerName(declaration.Definition);
            var shared = new MemberNames(context.Diagnostics, owner, taken.Select(member => member.Name));
            foreach (DeclaredMember member in declaration.Members)
            {
                shared.Claim(member.Member.Name, member.Position);
            }

            if (declaration.Definition is UnionType)
            {
                CheckUnionBranches(context, declaration, taken, owner);
                continue;
            }

            // Values and branches of an alternate become names inside their type.
            var inner = new MemberNames(context.Diagnostics, owner, []);
            foreach (DeclaredMember branch in declaration.Branches)
            {
                inner.Claim(branch.Member.Name, branch.Position);
            }

            foreach (DeclaredName value in declaration.Values)
            {
                inner.Claim(value.Name, value.Position);
            }
        }
    }

    private static void CheckUnionBranches(
        CheckContext context, Declaration declaration, IReadOnlyList<Member> taken, string owner)
    {
        List<string> common =
            [.. taken.Select(member => member.Name), .. declaration.Members.Select(member => member.Member.Name)];
        var branchNames = new MemberNames(context.Diagnostics, owner, []);
        foreach (DeclaredMember branch in declaration.Branches)
        {
            branchNames.Claim(branch.Member.Name, branch.Position);
            var names = new MemberNames(context.Diagnostics, owner, common);
            foreach (Member member in context.AllMembers(branch.Member.Type.Name))
            {
                names.Claim(member.Name, branch.TypePosition);
            }
        }
    }

    /// <summary>The C# type whose name its members must not have; enumerations are free to repeat theirs.</summary>
    private static string OwnerName(Definition definition) => definition switch
    {
        Command => CSharpName.OfArguments(definition.Name),
        EnumType => "",
        _ => CSharpName.Of(definition.Name),
    };

    /// <summary>The names inside one C# type.</summary>
    private sealed class MemberNames
    {
        private readonly DiagnosticList _diagnostics;
        private readonly string _owner;
        private readonly Dictionary<string, string> _taken = [];

        internal MemberNames(DiagnosticList diagnostics, string owner, IEnumerable<string> taken)
        {
            _diagnostics = diagnostics;
            _owner = owner;
            foreach (string name in taken)
            {
                _taken[CSharpName.Of(name)] = name;
            }
        }

        internal void Claim(string name, SourcePosition at)
        {
            string csharpName = CSharpName.Of(name);
            if (csharpName == _owner)
            {
                _diagnostics.Report(DiagnosticRules.NameCollision, at,
                    $"{name} would be {csharpName} in C#, as the type it stands in; rename one of them");
            }
            else if (!_taken.TryGetValue(csharpName, out string? other))
            {
                _taken.Add(csharpName, name);
            }
            else if (other == name)
            {
                _diagnostics.Report(DiagnosticRules.RepeatedMember, at,
                    $"the member {name} is there already, from the base or from the common members; take one of the two out");
            }
            else
            {
                _diagnostics.Report(DiagnosticRules.NameCollision, at,
                    $"{name} and {other} would both be {csharpName} in C#; rename one of them");
            }
        }
    }
}
