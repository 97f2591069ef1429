using System.CommandLine;
using Guestwire.Cli.Output;
using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>
/// A verb that asks or does one thing in a guest, and so in several at once. What it finds is a <see cref="VerbResult"/>, written for people or as JSON.
/// </summary>
internal abstract class GuestVerb : Verb
{
    /// <summary>The guests.</summary>
    private protected Argument<string[]> Guests { get; } = GuestOptions.Guests();

    /// <summary>The options of every verb on guests.</summary>
    private protected GuestOptions Options { get; } = new();

    /// <inheritdoc/>
    private protected sealed override void Declare(Command command)
    {
        command.Arguments.Add(Guests);
        Options.AddTo(command);
        DeclareMore(command);
    }

    /// <summary>Adds arguments and options of its own. The guests are the last argument and take what is left.</summary>
    private protected virtual void DeclareMore(Command command)
    {
    }

    /// <summary>Refuses what the options say together, before any guest is asked.</summary>
    /// <exception cref="UsageException">They contradict one another.</exception>
    private protected virtual void Check(ParseResult parsed)
    {
    }

    /// <summary>Asks whether that is meant, where it can do harm.</summary>
    /// <returns>False when it is not.</returns>
    private protected virtual bool Confirm(ParseResult parsed, IReadOnlyList<Target> targets) => true;

    /// <summary>The guests among what stands at their place.</summary>
    private protected virtual string[] NamesOf(string[] words) => words;

    /// <summary>Does it in one guest.</summary>
    private protected abstract Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation);

    /// <inheritdoc/>
    private protected sealed override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Check(parsed);
        GuestRun run = await GuestRun.PrepareAsync(Options, parsed, NamesOf(parsed.GetValue(Guests) ?? []), cancellation).ConfigureAwait(false);
        if (!Confirm(parsed, run.Targets))
        {
            return ExitCode.Failed;
        }

        return await run.ForEachAsync((guest, stop) => RunAsync(guest, parsed, stop), cancellation).ConfigureAwait(false);
    }
}
