using Qapi.Model;

namespace Qapi.Tests;

/// <summary>
/// Whether a host that was written against an old schema is served by a new one: what it sends is accepted, and what it
/// reads is there. Each breach is a sentence; none means that it is served.
/// </summary>
internal sealed class Compatibility(Schema old, Schema current)
{
    private readonly List<string> _breaches = [];
    private readonly HashSet<string> _compared = [];

    internal static IReadOnlyList<string> Breaches(Schema old, Schema current)
    {
        var compatibility = new Compatibility(old, current);
        foreach (Definition definition in old.Definitions)
        {
            compatibility.CheckDefinition(definition);
        }

        return compatibility._breaches;
    }

    private void CheckDefinition(Definition definition)
    {
        Definition? now = current.Find(definition.Name);
        if (now is null || now.GetType() != definition.GetType())
        {
            _breaches.Add($"{definition.Name} is gone");
        }
        else if (definition is Command command)
        {
            CheckCommand(command, (Command)now);
        }
        else
        {
            // A type on its own may be sent or read; its uses in commands say which, and are checked there.
            CheckRead(definition, now, definition.Name);
        }
    }

    private void CheckCommand(Command then, Command now)
    {
        CheckSentMembers(then.Arguments, now.Arguments, then.Name);
        if (then.SuccessResponse != now.SuccessResponse)
        {
            _breaches.Add($"{then.Name} changed whether it answers");
        }

        if (then.Returns is { } returned)
        {
            CheckReadType(returned, now.Returns, then.Name);
        }
    }

    private void CheckSentMembers(EquatableArray<Member> then, EquatableArray<Member> now, string where)
    {
        foreach (Member member in now.Where(member => !member.IsOptional))
        {
            if (!then.Any(known => known.Name == member.Name && !known.IsOptional))
            {
                _breaches.Add($"{where}: {member.Name} is newly required");
            }
        }

        foreach (Member member in then)
        {
            if (now.FirstOrDefault(one => one.Name == member.Name) is { } match)
            {
                CheckSentType(member.Type, match.Type, $"{where}.{member.Name}");
            }
            else
            {
                _breaches.Add($"{where}: {member.Name} is no longer accepted");
            }
        }
    }

    private void CheckSentType(TypeReference then, TypeReference now, string where)
    {
        if (!now.IsArray && current.Find(now.Name) is AlternateType alternate
            && alternate.Branches.Any(branch => branch.Type == then))
        {
            return;
        }

        if (then != now)
        {
            _breaches.Add($"{where} was {then.Name}, is {now.Name}");
            return;
        }

        switch (old.Find(then.Name), current.Find(now.Name))
        {
            case (StructType was, StructType type) when _compared.Add("sent " + then.Name):
                CheckSentMembers(was.Members, type.Members, then.Name);
                break;
            case (EnumType was, EnumType type):
                CheckValues(was, type);
                break;
        }
    }

    private void CheckReadType(TypeReference then, TypeReference? now, string where)
    {
        if (then != now)
        {
            _breaches.Add($"{where} returned {then.Name}, returns {now?.Name}");
        }
        else if (old.Find(then.Name) is { } was && current.Find(then.Name) is { } type)
        {
            CheckRead(was, type, then.Name);
        }
    }

    private void CheckRead(Definition was, Definition now, string where)
    {
        switch (was, now)
        {
            case (StructType then, StructType type) when _compared.Add("read " + where):
                foreach (Member member in then.Members)
                {
                    Member? match = type.Members.FirstOrDefault(one => one.Name == member.Name);
                    if (match is null || (match.IsOptional && !member.IsOptional))
                    {
                        _breaches.Add($"{where}: {member.Name} may be missing now");
                    }
                    else
                    {
                        CheckReadType(member.Type, match.Type, $"{where}.{member.Name}");
                    }
                }

                break;
            case (EnumType then, EnumType type):
                CheckValues(then, type);
                break;
            case (AlternateType then, AlternateType type):
                foreach (Member branch in then.Branches.Where(branch => type.Branches.All(one => one.Type != branch.Type)))
                {
                    _breaches.Add($"{where} lost its branch {branch.Name}");
                }

                break;
        }
    }

    private void CheckValues(EnumType then, EnumType now)
    {
        foreach (EnumValue value in then.Values.Where(value => now.Values.All(one => one.Name != value.Name)))
        {
            _breaches.Add($"{then.Name} lost its value {value.Name}");
        }
    }
}
