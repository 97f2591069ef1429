using Microsoft.Win32.SafeHandles;

namespace Guestwire.Client.Interop;

/// <summary>A <c>virDomainPtr</c>: it keeps its connection open.</summary>
internal sealed class LibvirtDomainHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>None yet.</summary>
    public LibvirtDomainHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Takes one over.</summary>
    internal LibvirtDomainHandle(nint domain)
        : base(ownsHandle: true) => SetHandle(domain);

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libvirt.DomainFree(handle) == 0;
}
