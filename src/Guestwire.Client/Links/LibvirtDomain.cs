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
            return new LibvirtDomain(connection, Find(connection, name) ?? throw new IOException(
                $"libvirt{LibvirtConnection.At(uri)} has no domain named '{name}'; virsh list --all shows those it has"));
        }
        catch
        {
            connection.Leave();
            throw;
        }
    }

    /// <summary>What a domain does at this moment; blocks.</summary>
    /// <param name="uri">The connection; null for libvirt's default.</param>
    /// <param name="name">The domain's name.</param>
    /// <returns>Null when there is no such domain, or none any more.</returns>
    /// <exception cref="IOException">There is no libvirt, or it does not say.</exception>
    internal static LibvirtDomainState? ReadState(string? uri, string name)
    {
        LibvirtConnection connection = LibvirtConnection.Take(uri);
        try
        {
            using LibvirtDomainHandle? domain = Find(connection, name);
            if (domain is null)
            {
                return null;
            }

            if (Libvirt.DomainGetState(domain, out int state, out _, 0) < 0)
            {
                LibvirtError error = LibvirtError.Last();
                return error.Code == Libvirt.VIR_ERR_NO_DOMAIN ? null : throw new IOException($"cannot tell what domain '{name}' does: {error.Message}");
            }

            return (LibvirtDomainState)state;
        }
        finally
        {
            connection.Leave();
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

    /// <returns>Null when there is none of that name.</returns>
    private static LibvirtDomainHandle? Find(LibvirtConnection connection, string name)
    {
        LibvirtDomainHandle domain = Libvirt.DomainLookupByName(connection.Open(), name);
        if (!domain.IsInvalid)
        {
            return domain;
        }

        LibvirtError error = LibvirtError.Last();
        return error.Code == Libvirt.VIR_ERR_NO_DOMAIN ? null : throw new IOException($"cannot look for domain '{name}': {error.Message}");
    }
}
