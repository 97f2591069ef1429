using Guestwire.Client.Interop;
using Guestwire.Protocol.Framing;

namespace Guestwire.Client.Links;

/// <summary>A domain whose agent can be asked, one request at a time.</summary>
internal interface ILibvirtDomain : IDisposable
{
    /// <summary>Whether libvirt's daemon can still be reached.</summary>
    bool IsConnected { get; }

    /// <summary>Sends a request and waits for its reply; blocks.</summary>
    /// <param name="request">The request, with a zero behind it.</param>
    /// <param name="seconds">How long the agent may take, or <see cref="Libvirt.VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK"/>.</param>
    /// <param name="reply">Gets the reply.</param>
    /// <param name="error">What libvirt says when there is none.</param>
    /// <returns>Whether there is a reply.</returns>
    bool Ask(ReadOnlySpan<byte> request, int seconds, FrameReader reply, out LibvirtError error);

    /// <summary>Nobody else shall use this connection: it hangs.</summary>
    void Abandon();
}
