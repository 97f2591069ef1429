using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>A Debian guest that tests stop and put to sleep: it has a disk to keep its memory on.</summary>
public sealed class SleepingMachine : DebianMachine
{
    /// <summary>How long the whole memory may take on its way to the disk, or all services to stop.</summary>
    internal static TimeSpan SleepPatience { get; } = TimeSpan.FromMinutes(4);

    // As large as the memory and what is plugged in beside it.
    private const long SwapBytes = 1024L * 1024 * 1024;

    private string image = "";
    private bool hasWoken;

    private protected override async Task PrepareAsync(string path)
    {
        await base.PrepareAsync(path);
        image = Path.Combine(path, "swap.img");
        using FileStream swap = File.Create(image);
        swap.SetLength(SwapBytes);
    }

    private protected override async Task WaitUntilReadyAsync()
    {
        await base.WaitUntilReadyAsync();

        // To make the image smaller the kernel would spend a minute on giving back its cache.
        await Shell.DoAsync("echo 4000000000 > /sys/power/image_size");
    }

    /// <summary>Gives the guest the disk to sleep on.</summary>
    internal async Task AddSwapAsync() => await Shell.DoAsync("mkswap /dev/nvme0n2 && swapon /dev/nvme0n2");

    /// <summary>Takes the disk from the guest again.</summary>
    internal async Task RemoveSwapAsync() => await Shell.DoAsync("swapoff /dev/nvme0n2");

    /// <summary>Asks the agent for a sleep that keeps the memory in place, sees the machine asleep, and wakes it.</summary>
    /// <returns>
    /// Whether the memory was on the disk as well while the machine slept, and the first thing the agent says afterwards, having been
    /// asked for a sync with the id 4711.
    /// </returns>
    internal async Task<(bool IsOnDisk, string FirstAnswer)> SleepAndWakeAsync(string command)
    {
        await using AgentConversation host = await ConnectAsync();
        bool isOnDisk = await SleepAndWakeAsync(() => host.SendAsync($"{{\"execute\":\"{command}\"}}\n"));
        return (isOnDisk, await host.AskLineAsync("{\"execute\":\"guest-sync\",\"arguments\":{\"id\":4711}}"));
    }

    /// <summary>Has somebody ask for a sleep that keeps the memory in place, sees the machine asleep, and wakes it.</summary>
    /// <returns>Whether the memory was on the disk as well while the machine slept.</returns>
    internal async Task<bool> SleepAndWakeAsync(Func<Task> ask)
    {
        hasWoken = true;
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(this);

        await ask();
        await monitor.WaitForEventAsync("SUSPEND", SleepPatience);
        JsonElement asleep = await monitor.AskAsync("query-status");
        bool isOnDisk = IsMemoryOnDisk();
        await monitor.AskAsync("system_wakeup");
        await monitor.WaitForEventAsync("WAKEUP");

        Assert.Equal("suspended", asleep.GetProperty("status").GetString());
        return isOnDisk;
    }

    /// <summary>Whether the guest's memory lies on the disk: the kernel then changes the mark of a swap space. Source: kernel/power/swap.c.</summary>
    internal bool IsMemoryOnDisk()
    {
        using FileStream swap = File.OpenRead(image);
        byte[] mark = new byte[9];
        swap.Position = 4096 - 10;
        swap.ReadExactly(mark);
        return mark.AsSpan().SequenceEqual("S1SUSPEND"u8);
    }

    /// <summary>Makes sure that the machine can put its memory on the disk: QEMU cannot any more once it slept and woke.</summary>
    internal async Task RefreshAsync()
    {
        if (hasWoken)
        {
            await RestartAsync();
            hasWoken = false;
        }
    }
}
