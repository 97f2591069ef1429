namespace EndToEnd.DebianGuest;

/// <summary>
/// A filesystem on a mapped device that can be suspended: what is written to it then waits in the kernel, uninterruptibly, until the device
/// goes on. So does a freeze, which has to write out what is dirty.
/// </summary>
internal sealed class StallingDisk : IAsyncDisposable
{
    private const string Name = "stalling";
    private readonly DebianMachine guest;

    private StallingDisk(DebianMachine guest) => this.guest = guest;

    /// <summary>Where it is mounted.</summary>
    internal string Mountpoint { get; private init; } = "";

    /// <summary>Makes one on the blank disk for ext4.</summary>
    internal static async Task<StallingDisk> AddAsync(DebianMachine guest, DataMounts data)
    {
        string disk = DataMounts.DiskOf("ext4");
        await data.DoAsync(
            $"modprobe dm_mod && echo \"0 $(blockdev --getsz {disk}) linear {disk} 0\" | dmsetup create {Name}", $"dmsetup remove --retry {Name}");
        await guest.Shell.DoAsync($"mkfs.ext4 -q -F /dev/mapper/{Name}");
        return new StallingDisk(guest) { Mountpoint = await data.MountAsync("/dev/mapper/" + Name, Name) };
    }

    /// <summary>From now on what is written waits; something is dirty already.</summary>
    internal async Task SuspendAsync() =>
        await guest.Shell.DoAsync($"echo dirty > {Mountpoint}/dirty && dmsetup suspend --nolockfs --noflush {Name}");

    /// <summary>The device goes on.</summary>
    internal async Task ResumeAsync() => await guest.Shell.DoAsync("dmsetup resume " + Name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await ResumeAsync();
}
