using System.Globalization;
using Guestwire.Client;

namespace Guestwire.Cli.Targets;

/// <summary>The running machines of this Proxmox VE node. Their sockets are in one folder, their names in their configurations.</summary>
/// <param name="sockets">Where the sockets are: <c>/var/run/qemu-server/ID.qga</c>.</param>
/// <param name="configurations">Where the configurations are: <c>/etc/pve/qemu-server/ID.conf</c>.</param>
internal sealed class ProxmoxMachines(string sockets, string configurations) : IGuestSource
{
    /// <inheritdoc/>
    public string Name => "Proxmox VE";

    /// <summary>Those of this node.</summary>
    internal static ProxmoxMachines OfNode() => new("/var/run/qemu-server", "/etc/pve/qemu-server");

    /// <inheritdoc/>
    public Task<IReadOnlyList<Target>> ListAsync(CancellationToken cancellation) => Task.FromResult(List());

    private IReadOnlyList<Target> List()
    {
        if (!Directory.Exists(sockets))
        {
            return [];
        }

        List<Target> machines = [];
        foreach (string socket in Directory.EnumerateFiles(sockets, "*.qga").Order(StringComparer.Ordinal))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(socket), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                machines.Add(new Target(NameOf(id), new UnixTransport(socket), "running"));
            }
        }

        return machines;
    }

    private string NameOf(int id)
    {
        string file = Path.Combine(configurations, $"{id}.conf");
        string? line = File.Exists(file)
            ? File.ReadLines(file).TakeWhile(line => !line.StartsWith('[')).FirstOrDefault(line => line.StartsWith("name:", StringComparison.Ordinal))
            : null;
        return line?["name:".Length..].Trim() is { Length: > 0 } name ? name : $"pve:{id}";
    }
}
