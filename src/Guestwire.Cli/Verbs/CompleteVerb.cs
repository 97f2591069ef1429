using System.CommandLine;
using Guestwire.Cli.Completion;
using Guestwire.Cli.Targets;

namespace Guestwire.Cli.Verbs;

/// <summary>Tells shells what a word may become.</summary>
internal sealed class CompleteVerb : Verb
{
    private readonly Option<double> _patience = new("--patience")
    {
        Description = "seconds to look for guests and their files: whoever presses Tab does not wait for long",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 1,
    };

    private readonly Argument<string[]> _words = new("word") { Description = "the words behind the program's name, the last one to be completed", Arity = ArgumentArity.ZeroOrMore };

    /// <inheritdoc/>
    internal override string Name => "complete";

    /// <inheritdoc/>
    internal override string Summary => "Print what the last word of a command line may become, and what that means";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples => [("guestwire complete -- pi", "prints ping")];

    /// <inheritdoc/>
    internal override bool IsHidden => true;

    /// <inheritdoc/>
    private protected override void Declare(Command command)
    {
        _patience.Accept(seconds => seconds is > 0 and <= GuestOptions.MaxSeconds, $"seconds, more than 0 and at most {GuestOptions.MaxSeconds}");
        command.Arguments.Add(_words);
        command.Options.Add(_patience);
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Surroundings surroundings = Surroundings.Of(parsed);
        Completer completer = new(CommandLine.Build(), surroundings.Guests);
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(parsed.GetValue(_patience)), surroundings.Time);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        IReadOnlyList<Candidate> candidates;
        try
        {
            // What hangs in the system is not waited for either.
            candidates = await Task.Run(() => completer.CompleteAsync(parsed.GetValue(_words) ?? [], ending.Token), ending.Token).WaitAsync(ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.TimedOut;
        }

        foreach (Candidate candidate in candidates.Where(candidate => !candidate.Text.Any(char.IsControl)))
        {
            await surroundings.Output.WriteLineAsync(candidate.Help.Length == 0 ? candidate.Text : $"{candidate.Text}\t{candidate.Help}").ConfigureAwait(false);
        }

        return ExitCode.Done;
    }
}
