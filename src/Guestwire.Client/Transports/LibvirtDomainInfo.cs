namespace Guestwire.Client;

/// <summary>A domain, as libvirt lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">The number of its run; null when it does not run.</param>
/// <param name="Uuid">Its identity, for as long as it is defined.</param>
/// <param name="State">What it does.</param>
/// <param name="Agent">Its channel for an agent; null when its definition has none.</param>
internal sealed record LibvirtDomainInfo(string Name, int? Id, Guid Uuid, LibvirtDomainState State, LibvirtAgentChannel? Agent);
