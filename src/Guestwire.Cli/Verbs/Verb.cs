using System.CommandLine;
using Guestwire.Cli.Output;

namespace Guestwire.Cli.Verbs;

/// <summary>One verb of the command: what it takes, and what it does.</summary>
internal abstract class Verb
{
    /// <summary>Its name on the command line.</summary>
    internal abstract string Name { get; }

    /// <summary>What it does, for help, as a sentence without its full stop.</summary>
    internal abstract string Summary { get; }

    /// <summary>Examples for help, each a command line and what it does.</summary>
    internal abstract IReadOnlyList<(string CommandLine, string Effect)> Examples { get; }

    /// <summary>What its exit codes say.</summary>
    internal virtual string ExitCodes => ExitCode.Explanation;

    /// <summary>More for the manual, in paragraphs; empty when the summary says it all.</summary>
    internal virtual string Remarks => "";

    /// <summary>Whether it deals with signals itself; else they end it.</summary>
    internal virtual bool HandlesSignals => false;

    /// <summary>Whether help and the manual pass over it.</summary>
    internal virtual bool IsHidden => false;

    /// <summary>Whether its words may name files in guests, as GUEST:PATH.</summary>
    internal virtual bool TakesGuestPaths => false;

    /// <summary>Makes the command.</summary>
    internal Command Build()
    {
        VerbCommand command = new(this) { Hidden = IsHidden };
        Declare(command);
        command.SetAction(async (parsed, cancellation) => await Failures.ReportAsync(() => RunAsync(parsed, cancellation), Surroundings.Of(parsed).Error, cancellation).ConfigureAwait(false));
        return command;
    }

    /// <summary>Adds its arguments and options.</summary>
    private protected abstract void Declare(Command command);

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    private protected abstract Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation);
}

/// <summary>The command of a verb.</summary>
internal sealed class VerbCommand(Verb verb) : Command(verb.Name, verb.Summary)
{
    /// <summary>The verb.</summary>
    internal Verb Verb => verb;
}
