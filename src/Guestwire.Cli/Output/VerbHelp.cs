using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Guestwire.Cli.Verbs;

namespace Guestwire.Cli.Output;

/// <summary>Help as the library writes it, with examples and exit codes behind it.</summary>
internal sealed class VerbHelp(HelpAction library) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = library.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is VerbCommand { Verb: Verb verb })
        {
            output.WriteLine("Examples:");
            foreach ((string commandLine, string effect) in verb.Examples)
            {
                output.WriteLine($"  {commandLine}");
                output.WriteLine($"      {effect}");
            }

            output.WriteLine();
            output.WriteLine("Exit codes:");
            output.WriteLine($"  {verb.ExitCodes}");
        }

        return code;
    }
}
