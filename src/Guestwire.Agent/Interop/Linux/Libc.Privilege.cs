using System.Runtime.InteropServices;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>Capabilities and what else a thread may give up: capset(2), prctl(2). All of it is the calling thread's alone.</summary>
internal static partial class Libc
{
    // Source: linux/prctl.h.
    internal const int PR_CAPBSET_READ = 23;
    internal const int PR_CAPBSET_DROP = 24;
    internal const int PR_SET_NO_NEW_PRIVS = 38;
    internal const int PR_CAP_AMBIENT = 47;
    internal const nuint PR_CAP_AMBIENT_CLEAR_ALL = 4;

    /// <summary>Version 3 of the call: 64 bits of capabilities. Source: linux/capability.h.</summary>
    internal const uint LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    /// <summary><c>struct __user_cap_header_struct</c>; process 0 is the calling thread. Source: linux/capability.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct CapabilityHeader
    {
        internal uint Version;
        internal int Process;
    }

    /// <summary>Two of <c>struct __user_cap_data_struct</c>: the capabilities 0 to 31, then those from 32 on. Source: linux/capability.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct CapabilitySets
    {
        internal uint EffectiveLow;
        internal uint PermittedLow;
        internal uint InheritableLow;
        internal uint EffectiveHigh;
        internal uint PermittedHigh;
        internal uint InheritableHigh;
    }

    [LibraryImport(Library, EntryPoint = "capget", SetLastError = true)]
    internal static partial int CapGet(ref CapabilityHeader header, out CapabilitySets sets);

    [LibraryImport(Library, EntryPoint = "capset", SetLastError = true)]
    internal static partial int CapSet(ref CapabilityHeader header, in CapabilitySets sets);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    internal static partial int PrCtl(int option, nuint second, nuint third = 0, nuint fourth = 0, nuint fifth = 0);
}
