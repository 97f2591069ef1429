using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-shutdown, guest-suspend-*: stop and sleep.</summary>
/// <param name="power">Does it.</param>
/// <param name="log">Learns who turned the lights off.</param>
internal sealed class PowerCommands(IPowerControl power, IAgentLog log) : IPowerCommands
{
    private const string DefaultMode = "powerdown";

    /// <inheritdoc/>
    public void GuestShutdown(GuestShutdownArguments arguments)
    {
        string name = arguments.Mode ?? DefaultMode;
        ShutdownMode mode = name switch
        {
            DefaultMode => ShutdownMode.PowerDown,
            "halt" => ShutdownMode.Halt,
            "reboot" => ShutdownMode.Reboot,

            // Without the closing bracket, as hosts know it.
            _ => throw new QapiException("mode is invalid (valid values are: halt|powerdown|reboot"),
        };
        log.Account($"guest-shutdown called, mode: {name}");
        power.ShutDown(mode);
    }

    /// <inheritdoc/>
    public void GuestSuspendDisk() => power.Suspend(SuspendMode.Disk);

    /// <inheritdoc/>
    public void GuestSuspendRam() => power.Suspend(SuspendMode.Ram);

    /// <inheritdoc/>
    public void GuestSuspendHybrid() => power.Suspend(SuspendMode.Hybrid);
}
