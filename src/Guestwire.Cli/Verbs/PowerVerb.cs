using System.CommandLine;
using Guestwire.Cli.Targets;

namespace Guestwire.Cli.Verbs;

/// <summary>Stops guests. When it is to stop all of them, whoever sits at the terminal is asked whether that is meant.</summary>
internal abstract class PowerVerb : GuestVerb
{
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "with --all, do not ask whether that is meant" };

    /// <summary>What is done to guests, as a question begins: "Shut down".</summary>
    private protected abstract string Deed { get; }

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command) => command.Options.Add(_yes);

    /// <inheritdoc/>
    private protected sealed override bool Confirm(ParseResult parsed, IReadOnlyList<Target> targets)
    {
        Surroundings surroundings = Surroundings.Of(parsed);
        if (!parsed.GetValue(Options.All) || parsed.GetValue(_yes) || !surroundings.IsInputTerminal)
        {
            return true;
        }

        surroundings.Error.Write($"{Deed} {targets.Count} guests: {string.Join(", ", targets.Select(target => target.Name))}? [y/N] ");
        if (surroundings.Input.ReadLine()?.Trim() is "y" or "Y" or "yes")
        {
            return true;
        }

        surroundings.Error.WriteLine("guestwire: nothing was done");
        return false;
    }
}
