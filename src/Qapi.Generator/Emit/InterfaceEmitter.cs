using Qapi.Model;

namespace Qapi.Generator.Emit;

/// <summary>Emits the interface of a command group, with the schema's manual as its documentation.</summary>
internal static class InterfaceEmitter
{
    /// <summary>Emits the file of a module.</summary>
    internal static string Emit(IGrouping<string, Command> module)
    {
        CodeText code = CodeText.StartFile(AgentEmitter.Namespace, ["Guestwire.Protocol"], $"schema/{module.Key}.json");
        DocText.Element(code, "summary", "", $"The commands of <c>schema/{module.Key}.json</c>, one method each.");
        code.Open($"internal interface {AgentEmitter.InterfaceOf(module.Key)}");
        foreach (Command command in module)
        {
            DocText.Definition(code, command.Doc, command.Name);
            string? arguments = AgentEmitter.ArgumentsOf(command);
            if (arguments is not null)
            {
                code.Line("/// <param name=\"arguments\">The arguments, checked against the schema.</param>");
            }

            if (command.Returns is not null)
            {
                DocText.Returns(code, command.Doc.Returns);
            }

            DocText.Errors(code, command.Doc.Errors);
            string returns = command.Returns is { } type ? CSharpType.Of(type) : "void";
            string parameter = arguments is null ? "" : $"{arguments} arguments";
            code.Line($"{returns} {CSharpName.Of(command.Name)}({parameter});");
            code.Line();
        }

        code.Close();
        return code.ToString();
    }
}
