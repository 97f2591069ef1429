using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml;
using Guestwire.Client.Interop;
using Guestwire.Client.Links;

namespace Guestwire.Client;

/// <summary>The domains of a libvirt.</summary>
internal static unsafe class LibvirtDomains
{
    /// <summary>The port's name, by which libvirt itself knows the channel. Source: formatdomain, "Channel".</summary>
    private const string AgentPort = "org.qemu.guest_agent.0";

    /// <summary>All domains, running or not, by name; blocks.</summary>
    /// <param name="uri">The connection; null for libvirt's default.</param>
    /// <exception cref="IOException">There is no libvirt, or it does not answer.</exception>
    internal static IReadOnlyList<LibvirtDomainInfo> List(string? uri)
    {
        LibvirtConnection connection = LibvirtConnection.Take(uri);
        try
        {
            List<LibvirtDomainInfo> found = [];
            foreach (LibvirtDomainHandle domain in ListAll(connection.Open()))
            {
                using (domain)
                {
                    // One may vanish while one looks at it.
                    if (Describe(domain) is LibvirtDomainInfo info)
                    {
                        found.Add(info);
                    }
                }
            }

            return [.. found.OrderBy(info => info.Name, StringComparer.Ordinal)];
        }
        finally
        {
            connection.Leave();
        }
    }

    /// <summary>Finds the channel in a domain's definition.</summary>
    /// <exception cref="XmlException">It is no XML.</exception>
    internal static LibvirtAgentChannel? FindAgent(string definition)
    {
        using StringReader text = new(definition);
        using XmlReader reader = XmlReader.Create(text);
        while (reader.ReadToFollowing("channel"))
        {
            using XmlReader channel = reader.ReadSubtree();
            if (ReadChannel(channel) is LibvirtAgentChannel agent)
            {
                return agent;
            }
        }

        return null;
    }

    // <channel type='unix'><source mode='bind' path='PATH'/><target type='virtio' name='NAME' state='connected'/></channel>
    private static LibvirtAgentChannel? ReadChannel(XmlReader channel)
    {
        string? path = null;
        bool isAgent = false;
        bool isConnected = false;
        while (channel.Read())
        {
            if (channel.NodeType == XmlNodeType.Element && channel.Name == "source")
            {
                path = channel.GetAttribute("path");
            }
            else if (channel.NodeType == XmlNodeType.Element && channel.Name == "target")
            {
                isAgent = channel.GetAttribute("name") == AgentPort;
                isConnected = channel.GetAttribute("state") == "connected";
            }
        }

        return isAgent ? new LibvirtAgentChannel(isConnected, path) : null;
    }

    // Unsafe: the array is ours to free and so is each domain in it; handles take the domains over before anything can fail.
    private static List<LibvirtDomainHandle> ListAll(LibvirtConnectionHandle connection)
    {
        nint* domains;
        int count = Libvirt.ConnectListAllDomains(connection, &domains, 0);
        if (count < 0)
        {
            throw new IOException($"cannot list the domains: {LibvirtError.Last().Message}");
        }

        List<LibvirtDomainHandle> handles = [];
        for (int i = 0; i < count; i++)
        {
            handles.Add(new LibvirtDomainHandle(domains[i]));
        }

        NativeMemory.Free(domains);
        return handles;
    }

    // Unsafe: the name is the domain's own and copied while it is held; the definition is ours and freed once it is copied.
    private static LibvirtDomainInfo? Describe(LibvirtDomainHandle domain)
    {
        byte* uuid = stackalloc byte[Libvirt.VIR_UUID_STRING_BUFLEN];
        string? name = Marshal.PtrToStringUTF8((nint)Libvirt.DomainGetName(domain));
        if (name is null
            || Libvirt.DomainGetUUIDString(domain, uuid) < 0
            || Libvirt.DomainGetState(domain, out int state, out _, 0) < 0
            || DefinitionOf(domain) is not string definition)
        {
            return null;
        }

        uint id = Libvirt.DomainGetID(domain);
        return new LibvirtDomainInfo(
            name,
            id == uint.MaxValue ? null : (int)id,
            Guid.Parse(Marshal.PtrToStringUTF8((nint)uuid)!, CultureInfo.InvariantCulture),
            Enum.IsDefined((LibvirtDomainState)state) ? (LibvirtDomainState)state : LibvirtDomainState.None,
            FindAgent(definition));
    }

    private static string? DefinitionOf(LibvirtDomainHandle domain)
    {
        byte* text = Libvirt.DomainGetXmlDesc(domain, 0);
        string? definition = Marshal.PtrToStringUTF8((nint)text);
        NativeMemory.Free(text);
        return definition;
    }
}
