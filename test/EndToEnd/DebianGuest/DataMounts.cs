using System.Globalization;

namespace EndToEnd.DebianGuest;

/// <summary>
/// Filesystems that one test has in the guest, below /data. At its end everything is thawed, whatever the test came to, and
/// what was done for them is undone, the last thing first.
/// </summary>
internal sealed class DataMounts(DebianMachine guest) : IAsyncDisposable
{
    private readonly Stack<string> undo = new();

    /// <summary>Makes a filesystem on the blank disk that is there for its kind, and mounts it.</summary>
    /// <returns>The mountpoint.</returns>
    internal async Task<string> AddAsync(string type)
    {
        string force = type == "ext4" ? "-F" : "-f";
        await guest.Shell.DoAsync($"mkfs.{type} -q {force} {DiskOf(type)} >/dev/null 2>&1");
        return await MountAsync(DiskOf(type), type);
    }

    /// <summary>Mounts something.</summary>
    /// <returns>The mountpoint.</returns>
    internal async Task<string> MountAsync(string what, string name)
    {
        await DoAsync($"mkdir -p /data/{name} && mount {what} /data/{name}", $"umount /data/{name}");
        return "/data/" + name;
    }

    /// <summary>Runs a command, and another one to undo it in the end.</summary>
    internal async Task DoAsync(string command, string undoing)
    {
        await guest.Shell.DoAsync(command);
        undo.Push(undoing);
    }

    /// <summary>The number of filesystems that can be frozen, each once, as util-linux finds them.</summary>
    internal async Task<int> CountFreezableAsync() => int.Parse(
        await guest.Shell.DoAsync("findmnt --noheadings --raw --nofsroot --output=SOURCE --types=ext4,xfs,btrfs | xargs -n1 readlink -f | sort -u | wc -l"),
        CultureInfo.InvariantCulture);

    /// <summary>A blank disk as the guest knows it.</summary>
    internal static string DiskOf(string type) => "/dev/disk/by-id/virtio-" + type;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await guest.ThawAsync();
        while (undo.TryPop(out string? command))
        {
            await guest.Shell.DoAsync(command);
        }
    }
}
