using Guestwire.Protocol;

namespace Guestwire.Agent.Policy;

/// <summary>A program that hosts may run, and how. What is not named is not allowed.</summary>
internal sealed record ExecRule
{
    /// <summary>The rule's name in the configuration.</summary>
    internal required string Name { get; init; }

    /// <summary>The program's absolute path, which the request must give exactly.</summary>
    internal required string Program { get; init; }

    /// <summary>A pattern for each argument.</summary>
    internal IReadOnlyList<ArgumentPattern> Arguments { get; init; } = [];

    /// <summary>Whether any arguments may follow those.</summary>
    internal bool AllowsFurtherArguments { get; init; }

    /// <summary>Names of the variables that its environment may have.</summary>
    internal IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Whether the host may give it something to read.</summary>
    internal bool AllowsInput { get; init; }

    /// <summary>Accounts of which a request must name one, letter by letter; empty when it may name none.</summary>
    internal IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Folders of which a request may name one to start in, letter by letter.</summary>
    internal IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Whether a request is one that this rule means.</summary>
    internal bool Allows(in GuestExecArguments request) =>
        request.Path == Program
        && (AllowsInput || (request.InputData is null && request.StreamInput != true))
        && (request.User is null ? Users.Count == 0 : NameList.Has(Users, request.User))
        && (request.Cwd is null || NameList.Has(Folders, request.Cwd))
        && AllowsArguments(request.Arg ?? [])
        && AllowsVariables(request.Env ?? []);

    private bool AllowsArguments(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < Arguments.Count || (arguments.Count > Arguments.Count && !AllowsFurtherArguments))
        {
            return false;
        }

        for (int i = 0; i < Arguments.Count; i++)
        {
            if (!Arguments[i].Matches(arguments[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool AllowsVariables(IReadOnlyList<string> variables)
    {
        foreach (string variable in variables)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !NameList.Has(Environment, variable.AsSpan(0, equals)))
            {
                return false;
            }
        }

        return true;
    }
}
