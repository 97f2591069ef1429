using Qapi.Model;

namespace ManualPage;

/// <summary>The commands and the types of what they return.</summary>
internal static class SchemaSections
{
    /// <summary>Writes the sections.</summary>
    internal static void Write(RoffWriter page, Schema schema)
    {
        page.Section("Commands");
        page.Prose(
            """
            A host sends {"execute": NAME, "arguments": {...}} and hears {"return": ...} or {"error": ...}, each on a line.
            Arguments in brackets may be left out.
            """);
        foreach (Command command in schema.Commands)
        {
            page.Term(Signature(command));
            page.Prose(command.Doc.Body);
            page.Indent();
            WriteMembers(page, command.Arguments);
            page.Outdent();
            page.Continue();
            if (command.Doc.Returns.Length > 0)
            {
                page.Prose($"Returns: {command.Doc.Returns}");
                page.Break();
            }

            if (command.Doc.Errors.Length > 0)
            {
                page.Prose("Errors:");
                page.Prose(command.Doc.Errors);
                page.Break();
            }

            page.Prose($"Since: {command.Doc.Since}");
        }

        page.Section("Types");
        foreach (Definition definition in schema.Definitions)
        {
            switch (definition)
            {
                case StructType type:
                    WriteType(page, type, type.Base, type.Members);
                    break;
                case UnionType type:
                    WriteType(page, type, type.Base, [.. type.Members, .. type.Branches]);
                    break;
                case AlternateType type:
                    WriteType(page, type, null, type.Branches);
                    break;
                case EnumType type:
                    page.Term(type.Name);
                    page.Prose(type.Doc.Body);
                    page.Indent();
                    foreach (EnumValue value in type.Values)
                    {
                        page.Term(value.Name);
                        page.Prose(value.Doc);
                    }

                    page.Outdent();
                    break;
            }
        }
    }

    private static void WriteType(RoffWriter page, Definition type, string? baseName, IEnumerable<Member> members)
    {
        page.Term(baseName is null ? type.Name : $"{type.Name} ({baseName} and)");
        page.Prose(type.Doc.Body);
        page.Indent();
        WriteMembers(page, members);
        page.Outdent();
    }

    private static void WriteMembers(RoffWriter page, IEnumerable<Member> members)
    {
        foreach (Member member in members)
        {
            page.Term($"{Bracketed(member)}: {Name(member.Type)}");
            page.Prose(member.Doc);
        }
    }

    private static string Signature(Command command)
    {
        string arguments = string.Concat(command.Arguments.Select(argument => $" {Bracketed(argument)}"));
        return command.Returns is null ? command.Name + arguments : $"{command.Name}{arguments} -> {Name(command.Returns)}";
    }

    private static string Bracketed(Member member) => member.IsOptional ? $"[{member.Name}]" : member.Name;

    private static string Name(TypeReference type) => type.IsArray ? $"list of {type.Name}" : type.Name;
}
