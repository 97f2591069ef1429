namespace Guestwire.Agent.Platform;

/// <summary>How a system goes down.</summary>
internal enum ShutdownMode
{
    /// <summary>The machine is turned off.</summary>
    PowerDown,

    /// <summary>The system stops, and the machine stays on.</summary>
    Halt,

    /// <summary>The system starts again.</summary>
    Reboot,
}
