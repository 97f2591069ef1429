using Guestwire.Agent.Platform;

namespace Guestwire.Agent.Tests.Platform.Linux;

/// <summary>Programs that only exist on paper: notes what is run, and ends as the test wants.</summary>
internal sealed class NotedPrograms : IHelperProgram
{
    private readonly Dictionary<string, HelperEnd> _ends = [];

    /// <summary>The command lines, in order.</summary>
    internal List<string> Ran { get; } = [];

    /// <summary>How a program of this name, or this command line, ends. Others do not exist.</summary>
    internal NotedPrograms Ends(string commandLine, int? exitCode)
    {
        _ends[commandLine] = new HelperEnd(exitCode, "");
        return this;
    }

    /// <inheritdoc/>
    public HelperEnd TryRun(HelperStart start)
    {
        string commandLine = string.Join(' ', (string[])[start.Program, .. start.Arguments]);
        Ran.Add(commandLine);
        return _ends.TryGetValue(commandLine, out HelperEnd? end) || _ends.TryGetValue(start.Program, out end)
            ? end
            : HelperEnd.OfNotExecuted(start.Program, "No such file or directory");
    }
}
