using Microsoft.Win32.SafeHandles;

namespace Guestwire.Client.Interop;

/// <summary>A <c>virConnectPtr</c>: many threads may use it at once.</summary>
internal sealed class LibvirtConnectionHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libvirt.ConnectClose(handle) >= 0;
}
