using System.CommandLine;
using Guestwire.Cli.Output;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Shuts guests down.</summary>
internal sealed class ShutdownVerb : PowerVerb
{
    private readonly Option<bool> _halt = new("--halt") { Description = "stop the system and leave the machine on" };
    private readonly WaitOptions _waiting = new("the guest is gone");

    /// <inheritdoc/>
    internal override string Name => "shutdown";

    /// <inheritdoc/>
    internal override string Summary => "Shut guests down in good order";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire shutdown web1", "returns when web1 has accepted"),
        ("guestwire shutdown web1 --wait --wait-time 120", "returns when web1 is gone, with 4 when it is not within two minutes"),
        ("guestwire shutdown --all", "asks whether all guests are meant, and shuts them down"),
    ];

    /// <inheritdoc/>
    internal override string Remarks =>
        "With --wait, a domain of libvirt is gone when it is off. Any other guest is, and one that halts, when the way to its agent is closed or its agent has been silent for ten seconds. A service that does not end can hold a shutdown up.";

    /// <inheritdoc/>
    private protected override string Deed => "Shut down";

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        base.DeclareMore(command);
        command.Options.Add(_halt);
        _waiting.AddTo(command);
    }

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        // The agent is there: then silence means that the guest goes.
        await guest.GuestPingAsync(cancellation).ConfigureAwait(false);
        bool halts = parsed.GetValue(_halt);
        await guest.GuestShutdownAsync(halts ? "halt" : "powerdown", cancellation).ConfigureAwait(false);
        if (!_waiting.IsGiven(parsed))
        {
            return new QuietResult("it shuts down");
        }

        GuestAbsence absence = _waiting.Watch(guest, parsed);
        await (halts ? absence.WaitUntilGoneAsync(cancellation) : absence.WaitUntilOffAsync(cancellation)).ConfigureAwait(false);
        return new QuietResult("it is gone");
    }
}
