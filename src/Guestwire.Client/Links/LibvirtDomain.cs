using System.Runtime.InteropServices;
using Guestwire.Client.Interop;
using Guestwire.Protocol.Framing;

namespace Guestwire.Client.Links;

/// <summary>A domain, on a connection that it shares with others.</summary>
internal sealed class LibvirtDomain : ILibvirtDomain
{
    private readonly LibvirtConnection _connection;
    private readonly LibvirtDomainHandle _domain;

    private LibvirtDomain(LibvirtConnection connection, LibvirtDomainHandle domain)
    {
        _connection = connection;
        _domain = domain;
    }

    /// <inheritdoc/>
    public bool IsConnected => _connection.IsAlive;

    /// <summary>Finds a domain; blocks.</summary>
    /// <param name="uri">The connection; null for libvirt's default.</param>
    /// <param name="name">The domain's name.</param>
    /// <exception cref="IOException">There is no libvirt, or no such domain.</exception>
    internal static LibvirtDomain Open(string? uri, string name)
    {
        LibvirtConnection connection = LibvirtConnection.Take(uri);
        try
        {
            LibvirtDomainHandle domain = Libvirt.DomainLookupByName(connection.Open(), name);
            if (domain.IsInvalid)
            {
                LibvirtError error = LibvirtError.Last();
                throw new IOException(error.Code == Libvirt.VIR_ERR_NO_DOMAIN
                    ? $"libvirt{LibvirtConnection.At(uri)} has no domain named '{name}'; virsh list --all shows those it has"
                    : $"cannot look for domain '{name}': {error.Message}");
            }

            return new LibvirtDomain(connection, domain);
        }
        catch
        {
            connection.Leave();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Unsafe: the request stays pinned while libvirt reads it; the reply is ours to free, and freed once it is copied.</remarks>
    public unsafe bool Ask(ReadOnlySpan<byte> request, int seconds, FrameReader reply, out LibvirtError error)
    {
        byte* text;
        fixed (byte* command = request)
        {
            text = Libvirt.DomainQemuAgentCommand(_domain, command, seconds, 0);
            error = text is null ? LibvirtError.Last() : default;
        }

        if (text is null)
        {
            return false;
        }

        try
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);
            bytes.CopyTo(reply.GetSpan(bytes.Length));
            reply.Advance(bytes.Length);
            return true;
        }
        finally
        {
            NativeMemory.Free(text);
        }
    }

    /// <inheritdoc/>
    public void Abandon() => _connection.Abandon();

    /// <inheritdoc/>
    public void Dispose()
    {
        _domain.Dispose();
        _connection.Leave();
    }
}
