using System.CommandLine;
using Guestwire.Cli.Output;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Puts guests to sleep.</summary>
internal sealed class SuspendVerb : PowerVerb
{
    private readonly Option<string> _mode = new("--mode")
    {
        Description = "ram (memory stays powered), disk (memory is written to disk, the machine is off) or hybrid (both)",
        HelpName = "MODE",
        DefaultValueFactory = _ => "ram",
    };

    /// <inheritdoc/>
    internal override string Name => "suspend";

    /// <inheritdoc/>
    internal override string Summary => "Put guests to sleep";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire suspend web1", "web1 sleeps until the hypervisor wakes it, such as by virsh dompmwakeup"),
        ("guestwire suspend web1 --mode disk", "web1 writes its memory to its disk and switches itself off"),
    ];

    /// <inheritdoc/>
    internal override string Remarks => "Make sure before that the hypervisor can wake the guest again. Silence means success here, so it takes a few seconds.";

    /// <inheritdoc/>
    private protected override string Deed => "Suspend";

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        base.DeclareMore(command);
        _mode.AcceptOnlyFromAmong("ram", "disk", "hybrid");
        command.Options.Add(_mode);
    }

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        await guest.GuestPingAsync(cancellation).ConfigureAwait(false);
        await (parsed.GetValue(_mode) switch
        {
            "disk" => guest.GuestSuspendDiskAsync(cancellation),
            "hybrid" => guest.GuestSuspendHybridAsync(cancellation),
            _ => guest.GuestSuspendRamAsync(cancellation),
        }).ConfigureAwait(false);
        return new QuietResult("it goes to sleep");
    }
}
