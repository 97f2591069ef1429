using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>A list made by getifaddrs(3).</summary>
[SupportedOSPlatform("linux")]
internal sealed class InterfaceAddressesHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Libc.FreeIfAddrs(handle);
        return true;
    }
}
