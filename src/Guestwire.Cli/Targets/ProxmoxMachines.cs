using System.Globalization;
using Guestwire.Client;

namespace Guestwire.Cli.Targets;

/// <summary>The machines of this Proxmox VE node. Their sockets are in one folder, their names in their configurations.</summary>
/// <param name="sockets">Where <c>ID.qga</c>, the agent's socket, and <c>ID.pid</c> of a running machine are: <c>/var/run/qemu-server</c>.</param>
/// <param name="configurations">Where <c>ID.conf</c> of every machine is: <c>/etc/pve/qemu-server</c>.</param>
internal sealed class ProxmoxMachines(string sockets, string configurations) : IGuestSource
{
    private static readonly EnumerationOptions s_whatIsAllowed = new() { IgnoreInaccessible = true };

    /// <inheritdoc/>
    public string Name => "Proxmox VE";

    /// <summary>Those of this node.</summary>
    internal static ProxmoxMachines OfNode() => new("/var/run/qemu-server", "/etc/pve/qemu-server");

    /// <inheritdoc/>
    public Task<IReadOnlyList<Target>> ListAsync(CancellationToken cancellation) => Task.FromResult(List());

    private IReadOnlyList<Target> List() =>
        [.. Ids(sockets, ".qga").Union(Ids(configurations, ".conf")).Order().Select(id => new Target(NameOf(id), new UnixTransport(SocketOf(id)), StateOf(id)))];

    private static IEnumerable<int> Ids(string folder, string suffix)
    {
        foreach (string file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"*{suffix}", s_whatIsAllowed) : [])
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                yield return id;
            }
        }
    }

    private string SocketOf(int id) => Path.Combine(sockets, $"{id}.qga");

    private string StateOf(int id) =>
        File.Exists(SocketOf(id)) ? "running" : File.Exists(Path.Combine(sockets, $"{id}.pid")) ? "running without agent" : "shut off";

    private string NameOf(int id)
    {
        try
        {
            string? line = File.ReadLines(Path.Combine(configurations, $"{id}.conf"))
                .TakeWhile(line => !line.StartsWith('['))
                .FirstOrDefault(line => line.StartsWith("name:", StringComparison.Ordinal));
            return line?["name:".Length..].Trim() is { Length: > 0 } name ? name : $"pve:{id}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or not for us to read.
            return $"pve:{id}";
        }
    }
}
