using System.CommandLine;
using Guestwire.Cli.Output;
using Guestwire.Cli.Paths;
using Guestwire.Cli.Targets;

namespace Guestwire.Cli.Verbs;

/// <summary>A verb on paths in guests: one after the other; what goes wrong with one does not keep it from the rest.</summary>
internal abstract class PathVerb : Verb
{
    /// <summary>The options of verbs on guests; of them a path needs the patience and JSON.</summary>
    private protected GuestOptions Options { get; } = new();

    /// <summary>The paths.</summary>
    private protected Argument<string[]> Paths { get; } = new("path")
    {
        Description = "paths in guests: GUEST:/PATH",
        HelpName = "GUEST:/PATH",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <inheritdoc/>
    internal override bool TakesGuestPaths => true;

    /// <inheritdoc/>
    private protected sealed override void Declare(Command command)
    {
        DeclareFirst(command);
        command.Arguments.Add(Paths);
        Options.AddPatience(command);
        DeclareMore(command);
    }

    /// <summary>Adds arguments that come before the paths.</summary>
    private protected virtual void DeclareFirst(Command command)
    {
    }

    /// <summary>Adds options of its own.</summary>
    private protected virtual void DeclareMore(Command command)
    {
    }

    /// <summary>Does it with one path.</summary>
    private protected abstract Task<int> RunAsync(GuestPath path, GuestPaths guests, ParseResult parsed, CancellationToken cancellation);

    /// <inheritdoc/>
    private protected sealed override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        GuestPath[] paths = [.. (parsed.GetValue(Paths) ?? []).Select(GuestPath.Parse)];
        Surroundings surroundings = Surroundings.Of(parsed);
        int code = ExitCode.Done;
        await using GuestPaths guests = new(surroundings.Guests, GuestRun.ClientOptions(Options, parsed));
        foreach (GuestPath path in paths)
        {
            int one = await Failures.ReportAsync(
                () => RunAsync(path, guests, parsed, cancellation), surroundings.Error, cancellation).ConfigureAwait(false);
            if (one == ExitCode.Interrupted)
            {
                return one;
            }

            code = code == ExitCode.Done ? one : code;
        }

        return code;
    }
}
