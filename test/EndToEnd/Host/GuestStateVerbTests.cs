using System.Globalization;
using System.Text.Json;
using EndToEnd.DebianGuest;
using EndToEnd.Sandbox;

namespace EndToEnd.Host;

/// <summary>The verbs that tell or change the state of a booted guest of Debian, with our agent and with Debian's, held against what the guest itself knows.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class GuestStateVerbTests(DebianMachine guest)
{
    private const string BlocksFolder = "/sys/devices/system/memory";

    /// <summary>Both agents.</summary>
    public static TheoryData<string> Agents => HostedAgent.Both;

    private string Target => $"unix:{guest.PathOf("agent.sock")}";

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_guest_that_the_configuration_names_is_listed_and_found_by_its_name(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        using TemporaryFolder here = new();
        await File.WriteAllTextAsync(here.Combine("config"), $"# ours\n[guests]\nweb1 = {Target}\nweb2 = unix:{here.Combine("nobody.sock")}\n");
        (string, string)[] configured = [("GUESTWIRE_CONFIG", here.Combine("config"))];

        JsonElement[] listed = [.. (await HostCommand.RunInAsync(configured, "list", "--json", "web*")).Json.EnumerateArray()];
        HostAnswer request = await HostCommand.RunInAsync(configured, "raw", "web1", "{\"execute\": \"guest-get-host-name\"}");
        HostAnswer refused = await HostCommand.RunInAsync(configured, "raw", "web1", "{\"execute\": \"guest-no-such\"}");
        HostAnswer exec = await HostCommand.RunInAsync(configured, "exec", "web1", "--", "cat", "/etc/hostname");

        string host = (await guest.Shell.DoAsync("hostname")).Trim();
        Assert.Equal(["web1", "web2"], listed.Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(
            (await guest.Shell.DoAsync(". /etc/os-release; echo $PRETTY_NAME")).Trim(),
            listed[0].GetProperty("osinfo").GetProperty("pretty-name").GetString());
        Assert.Equal((JsonValueKind.Object, JsonValueKind.Null), (listed[0].GetProperty("agent").ValueKind, listed[1].GetProperty("agent").ValueKind));
        Assert.Equal((0, host), (request.Status, request.Json.GetProperty("return").GetProperty("host-name").GetString()));
        Assert.Equal((1, "CommandNotFound"), (refused.Status, refused.Json.GetProperty("error").GetProperty("class").GetString()));
        Assert.Equal((0, host + "\n"), (exec.Status, exec.Text));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Frozen_by_one_command_it_stays_so_until_another_one_thaws(string name)
    {
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        string ext4 = await data.AddAsync("ext4");
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);

        string said = await HostCommand.DoAsync("freeze", Target, "--mountpoint", xfs);
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, xfs);
        await writer.WaitUntilBlockedAsync();
        await guest.AssertWritableAsync(ext4, "/root");
        string frozen = await HostCommand.DoAsync("freeze", "--status", Target);
        HostAnswer refused = await HostCommand.RunAsync("exec", Target, "--", "true");
        await writer.AssertBlockedAsync();
        string thawed = await HostCommand.DoAsync("thaw", Target);
        await writer.FinishAsync();
        string nothing = await HostCommand.DoAsync("thaw", Target);

        Assert.Equal(
            ("1 filesystem frozen, until somebody thaws", "frozen", "1 filesystem thawed", "nothing was frozen"), (said, frozen, thawed, nothing));
        Assert.Equal(125, refused.Status);
        Assert.Equal("thawed", await HostCommand.DoAsync("freeze", "--status", Target));
        await guest.AssertWritableAsync(xfs, ext4, "/root");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Memory_goes_on_and_off_and_what_is_told_of_it_is_what_the_kernel_has(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        string block = (await guest.Shell.DoAsync($"cd {BlocksFolder}; grep -l offline memory*/state | tr -dc '0-9\\n' | sort -n | head -n 1")).Trim();
        (string state, long total) before = await ReadBlockAsync(block);

        JsonElement on = (await HostCommand.RunAsync("mem", "--json", "--online", block, Target)).Json;
        (string state, long total) with = await ReadBlockAsync(block);
        HostAnswer off;
        int tries = 0;
        do
        {
            // The kernel holds something in the block for a moment: EBUSY.
            off = await HostCommand.RunAsync("mem", "--json", "--offline", block, Target);
        }
        while (off.Status != 0 && ++tries < 20);
        HostAnswer refused = await HostCommand.RunAsync("mem", "--offline", "0", Target);

        long size = Convert.ToInt64((await guest.Shell.DoAsync($"cat {BlocksFolder}/block_size_bytes")).Trim(), 16);
        Assert.Equal(("offline", "online", before.total + size), (before.state, with.state, with.total));
        Assert.Equal(before, await ReadBlockAsync(block));
        Assert.Equal(with.total, on.GetProperty("memory").GetProperty("total-bytes").GetInt64());
        Assert.Equal(before.total, off.Json.GetProperty("memory").GetProperty("total-bytes").GetInt64());
        Assert.Equal((true, false), (IsOnline(on, block), IsOnline(off.Json, block)));

        // The first block holds the kernel itself.
        Assert.Equal(1, refused.Status);
        Assert.Contains("block 0: operation-failed, error 22 of the system", refused.Text, StringComparison.Ordinal);
        Assert.Equal("online", (await ReadBlockAsync("0")).State);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Who_sits_at_the_console_is_told_until_they_leave(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        await guest.Shell.DoAsync("useradd --create-home --shell /bin/bash alice && echo alice:secret | chpasswd");
        try
        {
            using LoginConsole console = await LoginConsole.OpenAsync(guest);
            string nobody = await HostCommand.DoAsync("users", Target);
            long before = await ReadClockAsync();
            Assert.True(await console.TryLogInAsync("alice", "secret"));
            JsonElement users = (await HostCommand.RunAsync("users", "--json", Target)).Json;
            long after = await ReadClockAsync();
            await console.LogOutAsync();

            JsonElement user = Assert.Single(users.EnumerateArray());
            Assert.Equal(("nobody is logged in", "alice"), (nobody, user.GetProperty("user").GetString()));
            Assert.InRange(user.GetProperty("login-time").GetDouble(), before, after + 1);
            Assert.Equal("nobody is logged in", await HostCommand.DoAsync("users", Target));
        }
        finally
        {
            await guest.Shell.DoAsync("loginctl terminate-user alice 2>/dev/null; userdel --force --remove alice 2>/dev/null; ! id alice 2>/dev/null");
        }
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Wait_for_an_address_returns_when_the_guest_has_one_and_prints_it(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        await guest.Shell.DoAsync("ip link add nowhere type dummy");
        try
        {
            HostAnswer vain = await HostCommand.RunAsync("wait", Target, "--for", "ip", "--timeout", "2");
            using RunningCommand wait = HostCommand.Start("wait", Target, "--for", "ip", "--timeout", "100");
            await guest.Shell.DoAsync("ip addr add 192.0.2.7/24 dev nowhere && ip link set nowhere up");
            HostAnswer answer = await HostCommand.EndAsync(wait);

            Assert.Equal(4, vain.Status);
            Assert.Contains("the guest has no address that others can reach", vain.Errors, StringComparison.Ordinal);
            Assert.Equal((0, "192.0.2.7\n"), (answer.Status, answer.Text));
        }
        finally
        {
            await guest.Shell.DoAsync("ip link del nowhere");
        }
    }

    private static bool IsOnline(JsonElement told, string block) => Assert.Single(
        told.GetProperty("memory-blocks").EnumerateArray(), one => one.GetProperty("phys-index").GetRawText() == block).GetProperty("online").GetBoolean();

    private async Task<long> ReadClockAsync() => long.Parse(await guest.Shell.DoAsync("date +%s"), CultureInfo.InvariantCulture);

    private async Task<(string State, long TotalBytes)> ReadBlockAsync(string block)
    {
        string[] lines = (await guest.Shell.DoAsync(
            $"cat {BlocksFolder}/memory{block}/state; sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo")).Trim().Split('\n');
        return (lines[0], 1024 * long.Parse(lines[1], CultureInfo.InvariantCulture));
    }
}
