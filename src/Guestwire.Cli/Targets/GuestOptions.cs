using System.CommandLine;

namespace Guestwire.Cli.Targets;

/// <summary>The options that every verb on guests has.</summary>
/// <param name="timeoutName">What the option is called that says how patient to be.</param>
internal sealed class GuestOptions(string timeoutName = "--timeout")
{
    /// <summary>Longer than anybody waits, and short enough for every timer.</summary>
    internal const int MaxSeconds = 1_000_000;

    /// <summary>What the argument is called that takes guests.</summary>
    internal const string ArgumentName = "guest";

    /// <summary>Every guest that is found.</summary>
    internal Option<bool> All { get; } = new("--all") { Description = "every running guest that libvirt, Proxmox VE or the configuration knows" };

    /// <summary>How many at once.</summary>
    internal Option<int> Parallel { get; } = new("--parallel")
    {
        Description = "guests to work on at once",
        HelpName = "N",
        DefaultValueFactory = _ => 16,
    };

    /// <summary>How long one command may take.</summary>
    internal Option<double> Timeout { get; } = new(timeoutName)
    {
        Description = "seconds that one command of the agent may take",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 30,
    };

    /// <summary>JSON instead of text.</summary>
    internal Option<bool> Json { get; } = new("--json") { Description = "write JSON; for several guests a line each" };

    /// <summary>The argument that takes guests.</summary>
    internal static Argument<string[]> Guests() => new(ArgumentName)
    {
        Description = $"guests: {TargetForms.Text}; names may have * and ?",
        HelpName = "GUEST",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>The argument that takes one guest.</summary>
    internal static Argument<string> Guest() => new(ArgumentName) { Description = $"the guest: {TargetForms.Text}", HelpName = "GUEST" };

    /// <summary>Adds them to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Options.Add(All);
        AddParallel(command);
        AddPatience(command);
    }

    /// <summary>Adds the one that says how many at once, for a verb that finds the guests in its paths.</summary>
    internal void AddParallel(Command command)
    {
        Parallel.Accept(number => number >= 1, "a number from 1 on");
        command.Options.Add(Parallel);
    }

    /// <summary>Adds those that make sense without a choice of guests.</summary>
    internal void AddPatience(Command command)
    {
        Timeout.Accept(seconds => seconds is > 0 and <= MaxSeconds, $"seconds, more than 0 and at most {MaxSeconds}");
        command.Options.Add(Timeout);
        command.Options.Add(Json);
    }
}
