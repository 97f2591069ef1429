using System.CommandLine;
using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>The options of verbs that can wait for what they began.</summary>
/// <param name="end">What is waited for.</param>
internal sealed class WaitOptions(string end)
{
    private readonly Option<bool> _wait = new("--wait") { Description = $"return when {end}" };
    private readonly Option<double> _time = new("--wait-time")
    {
        Description = "seconds to wait",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 300,
    };

    /// <summary>Adds them to a command.</summary>
    internal void AddTo(Command command)
    {
        _time.Accept(seconds => seconds is > 0 and <= GuestOptions.MaxSeconds, $"seconds, more than 0 and at most {GuestOptions.MaxSeconds}");
        command.Options.Add(_wait);
        command.Options.Add(_time);
    }

    /// <summary>Whether to wait.</summary>
    internal bool IsGiven(ParseResult parsed) => parsed.GetValue(_wait);

    /// <summary>What watches a guest.</summary>
    internal GuestAbsence Watch(GuestClient guest, ParseResult parsed) =>
        new(guest, TimeSpan.FromSeconds(parsed.GetValue(_time)), Surroundings.Of(parsed).Time);
}
