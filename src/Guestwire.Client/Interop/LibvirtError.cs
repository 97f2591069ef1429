using System.Runtime.InteropServices;

namespace Guestwire.Client.Interop;

/// <summary>What a call into libvirt failed for.</summary>
/// <param name="Code">One of <c>virErrorNumber</c>.</param>
/// <param name="Domain">The part of libvirt that says so, one of <c>virErrorDomain</c>.</param>
/// <param name="Message">For people.</param>
internal readonly record struct LibvirtError(int Code, int Domain, string Message)
{
    /// <summary>What this thread's last call failed for.</summary>
    /// <remarks>Unsafe: the text is libvirt's own and stays until this thread's next call into libvirt; it is copied before that.</remarks>
    internal static unsafe LibvirtError Last()
    {
        Libvirt.Error* error = Libvirt.GetLastError();
        return error is null
            ? new LibvirtError(0, 0, "unknown error")
            : new LibvirtError(error->Code, error->Domain, Marshal.PtrToStringUTF8((nint)error->Message)?.TrimEnd() ?? "unknown error");
    }
}
