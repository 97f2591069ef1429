using System.Globalization;
using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Memory that was plugged in is switched on and off, seen in what the guest's kernel has to give. It is off before and after each test.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class MemoryBlockTests(DebianMachine guest)
{
    // EBUSY: the kernel holds something in the block for a moment.
    private const int Busy = 16;

    [Fact]
    public async Task A_block_goes_on_and_off_and_the_guest_s_memory_with_it()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        int block = await FindSpareBlockAsync();
        long size = (await host.AskAsync("guest-get-memory-block-info")).GetProperty("size").GetInt64();
        long before = await ReadTotalBytesAsync();

        bool listedBefore = await IsListedOnlineAsync(host, block);
        string on = await SwitchAsync(host, block, online: true);
        long with = await ReadTotalBytesAsync();
        bool listedWith = await IsListedOnlineAsync(host, block);
        string off = await SwitchOffAsync(host, block);

        Assert.Equal(
            await guest.Shell.DoAsync("cat /sys/devices/system/memory/block_size_bytes"), size.ToString("x", CultureInfo.InvariantCulture) + "\n");
        Assert.Equal($"[{{\"phys-index\": {block}, \"response\": \"success\"}}]", on);
        Assert.Equal(before + size, with);
        Assert.Equal((false, true), (listedBefore, listedWith));
        Assert.Equal($"[{{\"phys-index\": {block}, \"response\": \"success\"}}]", off);
        Assert.Equal(before, await ReadTotalBytesAsync());
    }

    [Fact]
    public async Task Each_block_has_its_own_result()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        int block = await FindSpareBlockAsync();
        long before = await ReadTotalBytesAsync();

        // The first block holds the kernel itself. What is as it shall be is a success.
        JsonElement results = await host.AskAsync("guest-set-memory-blocks", new Dictionary<string, object>
        {
            ["mem-blks"] = new[] { Wanted(4000, true), Wanted(0, false), Wanted(0, true), Wanted(block, false) },
        });

        Assert.Equal(
            $"[{{\"phys-index\": 4000, \"response\": \"not-found\", \"error-code\": 2}}, "
            + "{\"phys-index\": 0, \"response\": \"operation-failed\", \"error-code\": 22}, "
            + "{\"phys-index\": 0, \"response\": \"success\"}, "
            + $"{{\"phys-index\": {block}, \"response\": \"success\"}}]",
            results.GetRawText());
        Assert.Equal(before, await ReadTotalBytesAsync());
    }

    private static Dictionary<string, object> Wanted(int block, bool online) => new() { ["phys-index"] = block, ["online"] = online };

    private static async Task<string> SwitchAsync(AgentConversation host, int block, bool online) =>
        (await host.AskAsync("guest-set-memory-blocks", new Dictionary<string, object> { ["mem-blks"] = new[] { Wanted(block, online) } })).GetRawText();

    private static async Task<string> SwitchOffAsync(AgentConversation host, int block)
    {
        string result;
        int tries = 0;
        do
        {
            result = await SwitchAsync(host, block, online: false);
        }
        while (result.Contains($"\"error-code\": {Busy}", StringComparison.Ordinal) && ++tries < 20);

        return result;
    }

    private static async Task<bool> IsListedOnlineAsync(AgentConversation host, int block) =>
        Assert.Single(
            (await host.AskAsync("guest-get-memory-blocks")).EnumerateArray(), one => one.GetProperty("phys-index").GetInt32() == block)
            .GetProperty("online").GetBoolean();

    private async Task<int> FindSpareBlockAsync() => int.Parse(
        await guest.Shell.DoAsync("cd /sys/devices/system/memory; grep -l offline memory*/state | tr -dc '0-9\\n' | sort -n | head -n 1"),
        CultureInfo.InvariantCulture);

    private async Task<long> ReadTotalBytesAsync() => 1024 * long.Parse(
        await guest.Shell.DoAsync("sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo"), CultureInfo.InvariantCulture);
}
