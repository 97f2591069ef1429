using Qapi.Model;

namespace Qapi.Checks;

/// <summary>What commands return.</summary>
internal static class CommandCheck
{
    internal static void Run(CheckContext context)
    {
        foreach (Declaration declaration in context.Declarations)
        {
            if (declaration.Definition is not Command { Returns: { } returns } command)
            {
                continue;
            }

            if (!command.SuccessResponse)
            {
                context.Diagnostics.Report(DiagnosticRules.SilentReturn, declaration.PositionOf("returns"),
                    $"{command.Name} is silent when it succeeds, so it returns nothing; take 'returns' or 'success-response' out");
            }

            bool isObject = context.FindDefinition(returns.Name) is StructType or UnionType or null && !BuiltInType.IsBuiltIn(returns.Name);
            if (!isObject && context.Pragmas.ReturnExceptions is { } exceptions && !exceptions.Contains(command.Name))
            {
                context.Diagnostics.Report(DiagnosticRules.BareReturn, declaration.PositionOf("returns"),
                    $"{command.Name} returns something that cannot grow a member; return a struct or a list of structs, "
                    + "or name the command in the pragma command-returns-exceptions");
            }
        }
    }
}
