using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>
/// The service with what the program says systemd may take from it, profile by profile: nothing that an open command does is missing, and the
/// rest is gone. The proof of the table in docs/security.md.
/// </summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed partial class PrivilegeInGuestTests(DebianMachine guest)
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAbcdefghijklmnopqrstuvwxyz0123456789ABCDEFG alice@there";

    // Numbers of capabilities, without those that only a start needs. The guest has an NVMe disk, whose health takes SYS_ADMIN.
    [Theory]
    [InlineData("managed", 2, 21, 22, 25)]
    [InlineData("backup", 2, 21)]
    [InlineData("readonly", 2, 21)]
    public async Task Every_thread_of_the_service_has_what_its_profile_needs_and_no_more(string profile, params int[] capabilities)
    {
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[policy]'", $"profile={profile}");
        await using UnitDropIn dropIn = await UnitDropIn.InstallAsync(guest);
        string expected = capabilities.Aggregate(0UL, (set, number) => set | (1UL << number)).ToString("x16", CultureInfo.InvariantCulture);

        string[] threads = (await guest.Shell.DoAsync(
            $"for t in /proc/{await guest.ReadServiceAsync("MainPID")}/task/*/status; do sed -n 's/^\\(Cap...\\|NoNewPrivs\\|Seccomp\\):\\t//p' $t | tr '\\n' ' '; echo; done"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.InRange(threads.Length, 2, 64);
        Assert.All(threads, thread => Assert.Equal($"{new string('0', 16)} {expected} {expected} {expected} {new string('0', 16)} 1 2 ", thread));
    }

    [Fact]
    public async Task Every_fact_is_told_as_it_is_told_with_all_privileges()
    {
        await using DataMounts data = new(guest);
        await MountBehindClosedDoorAsync(data);
        (string Command, string Reply)[] before = await ReadFactsAsync();
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[policy]'", "profile=readonly");
        await using UnitDropIn dropIn = await UnitDropIn.InstallAsync(guest);

        (string Command, string Reply)[] after = await ReadFactsAsync();

        Assert.InRange(before.Length, 15, 40);
        Assert.Equal(before, after);
        Assert.Contains("\"smart\"", Array.Find(after, fact => fact.Command == "guest-get-disks").Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_freezes_thaws_and_trims_also_behind_a_closed_door()
    {
        await using DataMounts data = new(guest);
        string closed = await MountBehindClosedDoorAsync(data);
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[policy]'", "profile=backup");
        await using UnitDropIn dropIn = await UnitDropIn.InstallAsync(guest);
        int count = await data.CountFreezableAsync();
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement trimmed = (await host.AskAsync("guest-fstrim")).GetProperty("paths");
        int frozen = (await host.AskAsync("guest-fsfreeze-freeze")).GetInt32();
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, closed);
        await writer.WaitUntilBlockedAsync();
        int thawed = (await host.AskAsync("guest-fsfreeze-thaw")).GetInt32();
        await writer.FinishAsync();

        Assert.Equal((count, count), (frozen, thawed));
        Assert.True(Assert.Single(trimmed.EnumerateArray(), one => one.GetProperty("path").ValueEquals(closed)).TryGetProperty("trimmed", out _), trimmed.GetRawText());
    }

    [Fact]
    public async Task An_agent_that_was_killed_while_frozen_thaws_when_it_comes_back()
    {
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[policy]'", "profile=backup");
        await using UnitDropIn dropIn = await UnitDropIn.InstallAsync(guest);
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            await host.AskAsync("guest-fsfreeze-freeze");
        }

        LateWriter writer = await LateWriter.StartAsync(guest.Shell, xfs);
        await writer.WaitUntilBlockedAsync();
        await guest.Shell.DoAsync($"kill -9 {await guest.ReadServiceAsync("MainPID")}");
        await guest.WaitForAgentAsync();
        await writer.FinishAsync();
    }

    [Fact]
    public async Task A_managed_guest_gets_its_clock_processors_and_memory_switched()
    {
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[policy]'", "profile=managed");
        await using UnitDropIn dropIn = await UnitDropIn.InstallAsync(guest);
        await using AgentConversation host = await guest.ConnectAsync();

        DateTimeOffset far = DateTimeOffset.UtcNow.AddDays(500);
        await host.AskAsync("guest-set-time", new { time = far.ToUnixTimeMilliseconds() * 1_000_000 });
        string clocks = await guest.Shell.DoAsync("date +%s; cat /sys/class/rtc/rtc0/since_epoch");
        await host.AskAsync("guest-set-time", new { time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000 });
        await SwitchProcessorAsync(host, online: false);
        string processors = await guest.Shell.DoAsync("cat /sys/devices/system/cpu/online");
        await SwitchProcessorAsync(host, online: true);
        string spare = (await guest.Shell.DoAsync("cd /sys/devices/system/memory; grep -l offline memory*/state | tr -dc '0-9\\n' | sort -n | head -n 1")).Trim();
        JsonElement memory = await host.AskAsync("guest-set-memory-blocks", new Dictionary<string, object>
        {
            ["mem-blks"] = new[] { new Dictionary<string, object> { ["phys-index"] = int.Parse(spare, CultureInfo.InvariantCulture), ["online"] = true } },
        });
        string state = await guest.Shell.DoAsync($"cat /sys/devices/system/memory/memory{spare}/state; until echo offline > /sys/devices/system/memory/memory{spare}/state; do sleep 0.2; done");

        Assert.All(clocks.Split('\n', StringSplitOptions.RemoveEmptyEntries), clock =>
            Assert.InRange(long.Parse(clock, CultureInfo.InvariantCulture), far.ToUnixTimeSeconds() - 2, far.AddHours(1).ToUnixTimeSeconds()));
        Assert.Equal("0\n", processors);
        Assert.Equal($"[{{\"phys-index\": {spare}, \"response\": \"success\"}}]", memory.GetRawText());
        Assert.StartsWith("online\n", state, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_and_files_that_a_rule_names_are_served_and_stay_their_user_s()
    {
        await guest.Shell.DoAsync("useradd --create-home --shell /bin/bash alice && chmod 700 /home/alice && install -o alice -g alice -m 600 /dev/null /home/alice/in");
        try
        {
            await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(
                guest, "'[policy]'", "profile=backup", "users=alice", "read-paths=/home/alice", "write-paths=/home/alice");
            await using UnitDropIn dropIn = await UnitDropIn.InstallAsync(guest);
            await using AgentConversation host = await guest.ConnectAsync();

            await host.AskAsync("guest-set-user-password", new
            {
                username = "alice",
                password = Convert.ToBase64String(Encoding.UTF8.GetBytes("a new one")),
                crypted = false,
            });
            await host.AskAsync("guest-ssh-add-authorized-keys", new { username = "alice", keys = new[] { Key } });
            JsonElement keys = await host.AskAsync("guest-ssh-get-authorized-keys", new { username = "alice" });
            await WriteAsync(host, "/home/alice/in", "from outside");
            string read = await ReadAsync(host, "/home/alice/in");
            string owners = await guest.Shell.DoAsync("stat -c '%U %a' /home/alice/.ssh /home/alice/.ssh/authorized_keys /home/alice/in /etc/shadow");
            string password = await guest.Shell.DoAsync(
                "perl -e '$h = (getpwnam \"alice\")[1]; print crypt(\"a new one\", $h) eq $h ? \"set\\n\" : \"not set\\n\"'");

            Assert.Equal("set\n", password);
            Assert.Equal($"[\"{Key}\"]", keys.GetProperty("keys").GetRawText());
            Assert.Equal("from outside", read);
            Assert.Equal("alice 700\nalice 600\nalice 600\nroot 640\n", owners);
        }
        finally
        {
            await guest.Shell.DoAsync("userdel --force --remove alice 2>/dev/null; ! id alice 2>/dev/null");
        }
    }

    [Fact]
    public async Task A_program_that_a_host_runs_may_do_what_it_may_under_the_reference()
    {
        const string look = "grep -E '^(Cap|NoNewPrivs|Seccomp)' /proc/self/status";
        string ours;
        string proof;
        await using (UnitDropIn dropIn = await UnitDropIn.InstallAsync(guest))
        {
            await using AgentConversation host = await guest.ConnectAsync();
            ours = await RunAsync(host, look);
            await RunAsync(host, "mkdir /run/proof && mount -t tmpfs -o size=64k none /run/proof && touch /run/proof/file && chown 1234:5678 /run/proof/file");
            proof = await guest.Shell.DoAsync("findmnt --noheadings --output=FSTYPE /run/proof; stat -c '%u %g' /run/proof/file; umount /run/proof && rmdir /run/proof");
        }

        string theirs;
        await using (await ReferenceService.StartAsync(guest))
        {
            await using AgentConversation host = await guest.ConnectAsync();
            theirs = await RunAsync(host, look);
        }

        Assert.Equal("tmpfs\n1234 5678\n", proof);
        Assert.Contains("CapEff:\t", theirs, StringComparison.Ordinal);
        Assert.Equal(theirs, ours);
    }

    private static async Task<string> RunAsync(AgentConversation host, string script)
    {
        JsonElement status = await host.ExecuteAsync(script, "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "");
        Assert.Equal(0, status.GetProperty("exitcode").GetInt32());
        return status.TryGetProperty("out-data", out JsonElement output) ? Encoding.UTF8.GetString(output.GetBytesFromBase64()) : "";
    }

    private static async Task WriteAsync(AgentConversation host, string path, string text)
    {
        long handle = (await host.AskAsync("guest-file-open", new { path, mode = "w" })).GetInt64();
        await host.AskAsync("guest-file-write", new Dictionary<string, object> { ["handle"] = handle, ["buf-b64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) });
        await host.AskAsync("guest-file-close", new { handle });
    }

    private static async Task<string> ReadAsync(AgentConversation host, string path)
    {
        long handle = (await host.AskAsync("guest-file-open", new { path })).GetInt64();
        JsonElement read = await host.AskAsync("guest-file-read", new { handle });
        await host.AskAsync("guest-file-close", new { handle });
        return Encoding.UTF8.GetString(read.GetProperty("buf-b64").GetBytesFromBase64());
    }

    private static async Task SwitchProcessorAsync(AgentConversation host, bool online) =>
        Assert.Equal(1, (await host.AskAsync("guest-set-vcpus", new
        {
            vcpus = new[] { new Dictionary<string, object> { ["logical-id"] = 1, ["online"] = online } },
        })).GetInt32());

    /// <summary>A filesystem in a folder that only its owner, who is not root, may enter.</summary>
    private static async Task<string> MountBehindClosedDoorAsync(DataMounts data)
    {
        string disk = DataMounts.DiskOf("ext4");
        await data.DoAsync(
            $"mkfs.ext4 -q -F {disk} >/dev/null 2>&1 && mkdir -p /data/closed/in && mount {disk} /data/closed/in && chown 65534 /data/closed && chmod 700 /data/closed",
            "umount /data/closed/in && rm -r /data/closed");
        return "/data/closed/in";
    }

    /// <summary>The replies of all commands that take no arguments and change nothing, without what changes from one question to the next.</summary>
    private async Task<(string Command, string Reply)[]> ReadFactsAsync()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        List<(string, string)> facts = [];
        foreach (string command in (await guest.Shell.DoAsync("guestwire-agent --block-rpcs=help")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(name => name.StartsWith("guest-get-", StringComparison.Ordinal) || name.StartsWith("guest-network-", StringComparison.Ordinal)
                || name is "guest-ping" or "guest-fsfreeze-status"))
        {
            facts.Add((command, Number().Replace((await host.AskAsync(command)).GetRawText(), "N")));
        }

        return [.. facts];
    }

    [GeneratedRegex("-?[0-9.]+(e-?[0-9]+)?")]
    private static partial Regex Number();
}
