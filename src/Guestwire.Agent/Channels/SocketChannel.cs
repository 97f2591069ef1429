using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Channels;

/// <summary>One host's connection to a unix or vsock listener.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SocketChannel(SafeFileHandle connection) : Channel(connection)
{
    /// <inheritdoc/>
    internal override HostLeft WhenHostLeaves => HostLeft.ClosesSession;
}
