using System.CommandLine;
using Guestwire.Cli.Output;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Starts guests anew.</summary>
internal sealed class RebootVerb : PowerVerb
{
    private readonly WaitOptions _waiting = new("the agent answers after the new boot");

    /// <inheritdoc/>
    internal override string Name => "reboot";

    /// <inheritdoc/>
    internal override string Summary => "Shut guests down in good order and start them again";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire reboot web1", "returns when web1 has accepted"),
        ("guestwire reboot web1 --wait", "returns when the agent of web1 answers again"),
    ];

    /// <inheritdoc/>
    internal override string Remarks =>
        "With --wait, the guest's boot number (/proc/sys/kernel/random/boot_id) tells whether it has booted; of a guest that does not let it be read, the agent must have been away.";

    /// <inheritdoc/>
    private protected override string Deed => "Reboot";

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        base.DeclareMore(command);
        _waiting.AddTo(command);
    }

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        await guest.GuestPingAsync(cancellation).ConfigureAwait(false);
        string? boot = _waiting.IsGiven(parsed) ? await GuestAbsence.ReadBootAsync(guest, cancellation).ConfigureAwait(false) : null;
        await guest.GuestShutdownAsync("reboot", cancellation).ConfigureAwait(false);
        if (!_waiting.IsGiven(parsed))
        {
            return new QuietResult("it reboots");
        }

        await _waiting.Watch(guest, parsed).WaitUntilBackAsync(boot, cancellation).ConfigureAwait(false);
        return new QuietResult("it has rebooted");
    }
}
