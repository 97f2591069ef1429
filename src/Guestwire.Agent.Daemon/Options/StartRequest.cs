namespace Guestwire.Agent.Daemon.Options;

/// <summary>What the command line asks of the program.</summary>
internal abstract record StartRequest
{
    private StartRequest()
    {
    }

    /// <summary>Lines for stderr about words that are no options; present even when an earlier word decided the request.</summary>
    public IReadOnlyList<string> Complaints { get; init; } = [];

    /// <summary>Be an agent, or with <c>-D</c> only print how it would be configured.</summary>
    /// <param name="Options">What was asked for; the channel is not chosen yet.</param>
    /// <param name="DumpOnly">Whether <c>-D</c> was given.</param>
    /// <param name="Warnings">What the configuration file holds and nobody reads.</param>
    public sealed record Start(AgentOptions Options, bool DumpOnly, IReadOnlyList<string> Warnings) : StartRequest;

    /// <summary>Print the usage.</summary>
    public sealed record ShowHelp : StartRequest;

    /// <summary>Print the version.</summary>
    public sealed record ShowVersion : StartRequest;

    /// <summary>Say what the configuration makes of a request.</summary>
    /// <param name="Request">The request, as a host would send it.</param>
    /// <param name="Options">The configuration.</param>
    public sealed record TestPolicy(string Request, AgentOptions Options) : StartRequest;

    /// <summary>Print what systemd may take from an agent with this configuration.</summary>
    /// <param name="Options">The configuration.</param>
    public sealed record ShowSystemdDropIn(AgentOptions Options) : StartRequest;

    /// <summary>Print what a freeze would do.</summary>
    /// <param name="Options">The configuration.</param>
    public sealed record ShowFreezePlan(AgentOptions Options) : StartRequest;

    /// <summary>Print the names of all commands.</summary>
    public sealed record ListCommands : StartRequest;

    /// <summary>A word of the command line is no option.</summary>
    public sealed record UnknownOption : StartRequest;

    /// <summary>The configuration file cannot be used.</summary>
    /// <param name="Reason">The line for the log.</param>
    public sealed record Refuse(string Reason) : StartRequest;
}
