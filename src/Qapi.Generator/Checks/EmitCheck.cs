using Qapi.Generator.Emit;
using Qapi.Generator.Reading;
using Qapi.Model;

namespace Qapi.Generator.Checks;

/// <summary>Holds a schema against what C# can name and what the wire's runtime can carry.</summary>
internal sealed class EmitCheck(Schema schema, EquatableArray<SchemaFile> files)
{
    private readonly SchemaPlaces _places = new(files);
    private readonly TypeUses _uses = new(schema);
    private readonly List<Diagnostic> _found = [];

    /// <summary>What breaks a rule, in the schema's order.</summary>
    internal EquatableArray<Diagnostic> Run()
    {
        NameCheck names = new(_uses, Report);
        names.CheckSchema(schema);
        foreach (Definition definition in schema.Definitions)
        {
            names.Check(definition);
            CheckCondition(definition);
            CheckTypes(definition);
            CheckStreams(definition);
        }

        return new(_found);
    }

    private void Report(string id, Definition definition, string? inner, string message) =>
        _found.Add(_places.Report(id, definition, inner, message));

    private void CheckCondition(Definition definition)
    {
        foreach (string symbol in Platforms.UnknownSymbols(definition.If))
        {
            string known = string.Join(", ", Platforms.All.SelectMany(platform => platform.Symbols).Distinct());
            Report(EmitRules.UnknownSymbolId, definition, null,
                $"'{definition.Name}' depends on {symbol}, which no platform defines; use one of {known}");
        }
    }

    private void CheckTypes(Definition definition)
    {
        switch (definition)
        {
            case Command command:
                CheckTypes(command, command.ArgumentsType is null ? command.Arguments : [], isRead: true);
                if (command.Returns is { Name: "any" or "null" } returns)
                {
                    Unsupported(command, null, $"'{command.Name}' returns {returns.Name}, which has no type in C#; return a struct");
                }

                break;
            case StructType type:
                CheckTypes(type, type.Members, _uses.IsRead(type.Name));
                break;
            case UnionType type:
                CheckTypes(type, type.Members, _uses.IsRead(type.Name));
                break;
            case AlternateType type:
                CheckTypes(type, type.Branches, _uses.IsRead(type.Name));
                foreach (Member branch in type.Branches.Where(branch => branch.Type.IsArray))
                {
                    Unsupported(type, branch.Name, $"branch '{branch.Name}' of '{type.Name}' is a list; wrap the list in a struct");
                }

                break;
        }
    }

    private void CheckTypes(Definition owner, EquatableArray<Member> members, bool isRead)
    {
        foreach (Member member in members)
        {
            if (member.Type.Name is "any" or "null")
            {
                Unsupported(owner, member.Name, $"'{member.Name}' is {member.Type.Name}, which has no type in C#; name a type");
            }

            if (isRead && member.Type.Name is "int8" or "int16" or "int32" or "uint8" or "uint16" or "uint32")
            {
                Unsupported(owner, member.Name,
                    $"'{member.Name}' is {member.Type.Name}, which arguments cannot hold; use int or uint64 and document the limits");
            }
        }
    }

    private void Unsupported(Definition owner, string? inner, string message) =>
        Report(EmitRules.UnsupportedTypeId, owner, inner, message);

    private void CheckStreams(Definition definition)
    {
        bool goesBothWays = _uses.IsRead(definition.Name) && _uses.IsWritten(definition.Name);
        if (goesBothWays && definition is StructType type && _uses.MembersOf(type).Exists(CSharpType.IsBase64))
        {
            Report(EmitRules.BothWaysId, type, null,
                $"'{type.Name}' holds base64 and stands in arguments and replies; define one struct for each way");
        }

        if (definition is StructType streamed && CSharpType.Has(streamed, CSharpType.StreamedFeature))
        {
            CheckBehindStream(streamed);
        }

        switch (definition)
        {
            case Command { Returns: { IsArray: true } returns } command when HoldsStream(returns):
                Nested(command, null, returns);
                break;
            case StructType owner when _uses.IsWritten(owner.Name):
                CheckNested(owner, owner.Members);
                break;
            case UnionType owner when _uses.IsWritten(owner.Name):
                CheckNested(owner, owner.Branches);
                CheckNested(owner, owner.Members);
                break;
            case AlternateType owner when _uses.IsWritten(owner.Name):
                CheckNested(owner, owner.Branches);
                break;
        }
    }

    private void CheckBehindStream(StructType type)
    {
        List<Member> members = _uses.MembersOf(type);
        foreach (Member member in members.Skip(members.FindLastIndex(CSharpType.IsBase64) + 1))
        {
            if (!member.IsOptional && !member.Type.IsArray && _uses.Find(member.Type.Name) is StructType or UnionType or AlternateType)
            {
                Report(EmitRules.UnknownUntilStreamedId, type, member.Name,
                    $"'{member.Name}' stands behind the streamed member of '{type.Name}' and has no value before the stream "
                    + "is through; make it optional");
            }
        }
    }

    private void CheckNested(Definition owner, EquatableArray<Member> members)
    {
        foreach (Member member in members)
        {
            bool isMarkedOutsideStruct = owner is not StructType && CSharpType.IsBase64(member);
            if (isMarkedOutsideStruct || HoldsStream(member.Type))
            {
                Nested(owner, member.Name, member.Type);
            }
        }
    }

    private void Nested(Definition owner, string? inner, TypeReference type)
    {
        string what = type.Name == "str" ? "base64" : $"'{type.Name}', which holds base64,";
        Report(EmitRules.NestedStreamId, owner, inner,
            $"{what} stands inside '{owner.Name}'; only a struct that a command returns directly may hold it");
    }

    private bool HoldsStream(TypeReference type) =>
        _uses.Find(type.Name) is StructType held && _uses.MembersOf(held).Exists(CSharpType.IsBase64);
}
