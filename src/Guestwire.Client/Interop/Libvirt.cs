using System.Runtime.InteropServices;

namespace Guestwire.Client.Interop;

/// <summary>libvirt's C library, loaded with the first call. Source: libvirt/libvirt-host.h, libvirt-domain.h, libvirt-qemu.h, virterror.h.</summary>
/// <remarks>
/// What a call failed for is the thread's own, until that thread's next call. The daemon on the other side writes the messages, in its language:
/// only numbers and what is quoted in a message can be relied on.
/// </remarks>
internal static unsafe partial class Libvirt
{
    private const string Library = "libvirt.so.0";
    private const string QemuLibrary = "libvirt-qemu.so.0";

    // virErrorNumber. Source: virterror.h.
    internal const int VIR_ERR_INTERNAL_ERROR = 1;
    internal const int VIR_ERR_NO_SUPPORT = 3;
    internal const int VIR_ERR_SYSTEM_ERROR = 38;
    internal const int VIR_ERR_RPC = 39;
    internal const int VIR_ERR_NO_DOMAIN = 42;
    internal const int VIR_ERR_OPERATION_INVALID = 55;
    internal const int VIR_ERR_ARGUMENT_UNSUPPORTED = 74;
    internal const int VIR_ERR_AGENT_UNRESPONSIVE = 86;
    internal const int VIR_ERR_AGENT_UNSYNCED = 97;
    internal const int VIR_ERR_AGENT_COMMAND_TIMEOUT = 111;
    internal const int VIR_ERR_AGENT_COMMAND_FAILED = 112;

    // virErrorDomain. Source: virterror.h.
    internal const int VIR_FROM_RPC = 7;
    internal const int VIR_FROM_QEMU = 10;

    /// <summary>The time limit of a command that has none. Source: libvirt-qemu.h.</summary>
    internal const int VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK = -2;

    /// <summary>Bytes of a UUID as text, with the zero behind it. Source: libvirt-host.h.</summary>
    internal const int VIR_UUID_STRING_BUFLEN = 37;

    /// <summary>The start of <c>struct _virError</c>; more follows. Source: virterror.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Error
    {
        internal int Code;
        internal int Domain;
        internal byte* Message;
    }

    /// <param name="name">The URI; null for the default.</param>
    [LibraryImport(Library, EntryPoint = "virConnectOpen", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial LibvirtConnectionHandle ConnectOpen(string? name);

    [LibraryImport(Library, EntryPoint = "virConnectClose")]
    internal static partial int ConnectClose(nint connection);

    /// <returns>1 when it is, 0 when it is not, -1 on an error.</returns>
    [LibraryImport(Library, EntryPoint = "virConnectIsAlive")]
    internal static partial int ConnectIsAlive(LibvirtConnectionHandle connection);

    /// <param name="connection">The connection.</param>
    /// <param name="domains">Becomes an array for <c>free</c>, of domains each for <see cref="DomainFree"/>.</param>
    /// <param name="flags">Zero for all.</param>
    /// <returns>How many there are, or -1.</returns>
    [LibraryImport(Library, EntryPoint = "virConnectListAllDomains")]
    internal static partial int ConnectListAllDomains(LibvirtConnectionHandle connection, nint** domains, uint flags);

    [LibraryImport(Library, EntryPoint = "virDomainLookupByName", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial LibvirtDomainHandle DomainLookupByName(LibvirtConnectionHandle connection, string name);

    [LibraryImport(Library, EntryPoint = "virDomainFree")]
    internal static partial int DomainFree(nint domain);

    /// <returns>The domain's own; not to be freed.</returns>
    [LibraryImport(Library, EntryPoint = "virDomainGetName")]
    internal static partial byte* DomainGetName(LibvirtDomainHandle domain);

    /// <returns>All ones when it does not run.</returns>
    [LibraryImport(Library, EntryPoint = "virDomainGetID")]
    internal static partial uint DomainGetID(LibvirtDomainHandle domain);

    /// <param name="domain">The domain.</param>
    /// <param name="buffer">Of <see cref="VIR_UUID_STRING_BUFLEN"/> bytes.</param>
    [LibraryImport(Library, EntryPoint = "virDomainGetUUIDString")]
    internal static partial int DomainGetUUIDString(LibvirtDomainHandle domain, byte* buffer);

    [LibraryImport(Library, EntryPoint = "virDomainGetState")]
    internal static partial int DomainGetState(LibvirtDomainHandle domain, out int state, out int reason, uint flags);

    /// <returns>Text for <c>free</c>, or null.</returns>
    [LibraryImport(Library, EntryPoint = "virDomainGetXMLDesc")]
    internal static partial byte* DomainGetXmlDesc(LibvirtDomainHandle domain, uint flags);

    /// <summary>Sends a request to the agent and waits for the reply.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="command">The request, with a zero behind it.</param>
    /// <param name="timeout">Seconds, or <see cref="VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK"/>.</param>
    /// <param name="flags">Zero.</param>
    /// <returns>The reply, for <c>free</c>, or null.</returns>
    [LibraryImport(QemuLibrary, EntryPoint = "virDomainQemuAgentCommand")]
    internal static partial byte* DomainQemuAgentCommand(LibvirtDomainHandle domain, byte* command, int timeout, uint flags);

    /// <returns>The thread's own; null when nothing failed.</returns>
    [LibraryImport(Library, EntryPoint = "virGetLastError")]
    internal static partial Error* GetLastError();

    [LibraryImport(Library, EntryPoint = "virSetErrorFunc")]
    internal static partial void SetErrorFunction(nint userData, delegate* unmanaged[Cdecl]<nint, Error*, void> function);

    /// <summary>For <see cref="SetErrorFunction"/>: libvirt would write each error to standard error otherwise.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    internal static void IgnoreError(nint userData, Error* error)
    {
    }
}
