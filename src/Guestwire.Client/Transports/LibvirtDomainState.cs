namespace Guestwire.Client;

/// <summary>What a domain does; the numbers are libvirt's. Source: virDomainState, libvirt-domain.h.</summary>
internal enum LibvirtDomainState
{
    /// <summary>libvirt does not say.</summary>
    None,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It waits for something, by the word of its hypervisor.</summary>
    Blocked,

    /// <summary>Somebody paused it.</summary>
    Paused,

    /// <summary>It is about to be off.</summary>
    ShuttingDown,

    /// <summary>It is off.</summary>
    ShutOff,

    /// <summary>It ended by itself, not as it should.</summary>
    Crashed,

    /// <summary>The guest put itself to sleep.</summary>
    Suspended,
}
