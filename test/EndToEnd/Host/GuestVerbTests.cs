using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EndToEnd.DebianGuest;
using EndToEnd.Sandbox;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Host;

/// <summary>The verbs on a booted guest of Debian, over its virtio-serial port, with our agent and with Debian's; what they do is looked at in the guest.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class GuestVerbTests(DebianMachine guest)
{
    // All services stop and start again, in a guest without hardware virtualization on a busy machine.
    private static readonly TimeSpan s_bootPatience = TimeSpan.FromMinutes(8);

    /// <summary>Both agents.</summary>
    public static TheoryData<string> Agents => HostedAgent.Both;

    private string Target => $"unix:{guest.PathOf("agent.sock")}";

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task What_it_tells_is_what_the_guest_knows_of_itself(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);

        string info = await HostCommand.DoAsync("info", Target);
        Assert.Contains((await guest.Shell.DoAsync("hostname")).Trim(), info, StringComparison.Ordinal);
        Assert.Contains((await guest.Shell.DoAsync("uname -r")).Trim(), info, StringComparison.Ordinal);
        Assert.Contains((await guest.Shell.DoAsync(". /etc/os-release; echo $PRETTY_NAME")).Trim(), info, StringComparison.Ordinal);

        Assert.StartsWith("the agent answers in ", await HostCommand.DoAsync("ping", Target), StringComparison.Ordinal);
        Assert.Contains("/dev/disk/by-id", await HostCommand.DoAsync("ls", "-d", $"{Target}:/dev/disk/by-id"), StringComparison.Ordinal);
        string root = (await guest.Shell.DoAsync("findmnt --noheadings --output=SOURCE /")).Trim();
        Assert.Contains(root[(root.LastIndexOf('/') + 1)..], await HostCommand.DoAsync("df", Target), StringComparison.Ordinal);
        Assert.Contains(root[(root.LastIndexOf('/') + 1)..], await HostCommand.DoAsync("disks", Target), StringComparison.Ordinal);
        Assert.Contains((await guest.Shell.DoAsync("cat /sys/class/net/lo/address")).Trim(), await HostCommand.DoAsync("net", Target), StringComparison.Ordinal);
        Assert.Equal("thawed", JsonDocument.Parse(await HostCommand.DoAsync("freeze", "--status", "--json", Target)).RootElement.GetProperty("status").GetString());

        JsonElement sample = JsonDocument.Parse(await HostCommand.DoAsync("top", "--json", "--count", "1", "--interval", "1", Target)).RootElement;
        Assert.Equal(JsonValueKind.Object, sample.ValueKind);
        HostAnswer doctor = await HostCommand.RunAsync("doctor", Target);
        Assert.True(doctor.Status == 0, doctor.Text + doctor.Errors);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_file_goes_in_and_comes_out_as_it_was(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        using TemporaryFolder here = new();
        byte[] content = RandomNumberGenerator.GetBytes(2_000_003);
        await File.WriteAllBytesAsync(here.Combine("file"), content);
        File.SetUnixFileMode(here.Combine("file"), (UnixFileMode)0x1A8);
        File.SetLastWriteTimeUtc(here.Combine("file"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));

        await HostCommand.DoAsync("cp", "--checksum", here.Combine("file"), $"{Target}:/run/copied");
        await HostCommand.DoAsync("cp", "--checksum", $"{Target}:/run/copied", here.Combine("back"));

        Assert.Equal(
            $"{Convert.ToHexStringLower(SHA256.HashData(content))} 650 981173106\n",
            await guest.Shell.DoAsync("echo $(sha256sum < /run/copied | cut -d ' ' -f 1) $(stat -c '%a %Y' /run/copied); rm /run/copied"));
        Assert.Equal(content, await File.ReadAllBytesAsync(here.Combine("back")));
        Assert.Equal((UnixFileMode)0x1A8, File.GetUnixFileMode(here.Combine("back")));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Exec_runs_in_the_guest_and_passes_input_and_exit_code(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);

        HostAnswer answer = await HostCommand.RunWithInputAsync(
            "asked\n"u8.ToArray(), "exec", Target, "--", "sh", "-c", "cat /proc/sys/kernel/random/boot_id; cat; exit 9");

        Assert.Equal((9, await guest.Shell.DoAsync("cat /proc/sys/kernel/random/boot_id") + "asked\n"), (answer.Status, answer.Text));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_password_that_is_set_is_the_one_that_opens_the_account(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        await guest.Shell.DoAsync("useradd alice");
        try
        {
            HostAnswer answer = await HostCommand.RunWithInputAsync("it's $ecret\n"u8.ToArray(), "passwd", "--stdin", Target, "alice");

            Assert.Equal((0, ""), (answer.Status, answer.Errors));
            Assert.Equal(
                "same\n",
                await guest.Shell.DoAsync("h=$(getent shadow alice | cut -d : -f 2); [ \"$(printf \"it's \\$ecret\" | H=\"$h\" perl -e 'print crypt(<STDIN>, $ENV{H})')\" = \"$h\" ] && echo same"));
        }
        finally
        {
            await guest.Shell.DoAsync("userdel --force alice");
        }
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Keys_are_added_listed_and_removed(string name)
    {
        const string First = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl one";
        const string Second = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4Sn6vv0Sd0BbkYwHgBQ5Yd0hyTBvA1w2bU5dA3yQ5a two";
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        await guest.Shell.DoAsync("useradd --create-home alice");
        try
        {
            await HostCommand.DoAsync("ssh-key", "add", Target, "alice", First);
            await HostCommand.DoAsync("ssh-key", "add", Target, "alice", Second);
            Assert.Equal([Second, First], (await HostCommand.DoAsync("ssh-key", "list", Target, "alice")).Split('\n').Order(StringComparer.Ordinal));
            await HostCommand.DoAsync("ssh-key", "remove", Target, "alice", First);
            Assert.Equal(1, (await HostCommand.RunAsync("ssh-key", "add", Target, "nobody-here", First)).Status);

            Assert.Equal(Second, (await guest.Shell.DoAsync("cat /home/alice/.ssh/authorized_keys")).Trim());
        }
        finally
        {
            await guest.Shell.DoAsync("userdel --force --remove alice 2>/dev/null; ! id alice 2>/dev/null");
        }
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_clock_that_is_off_is_set_to_the_time_of_the_host(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        await guest.Shell.DoAsync($"date --set=@{DateTimeOffset.UtcNow.AddDays(500).ToUnixTimeSeconds()}");

        await HostCommand.DoAsync("time", "--sync", Target);

        long seconds = long.Parse(await guest.Shell.DoAsync("date +%s"), CultureInfo.InvariantCulture);

        // A day is more than any slowness of this machine, and less than what it was off.
        Assert.InRange(DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(seconds), TimeSpan.FromDays(-1), TimeSpan.FromDays(1));
        await guest.Shell.DoAsync("hwclock --systohc --utc --noadjfile");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_processor_goes_off_and_on(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        string all = await guest.Shell.DoAsync("cat /sys/devices/system/cpu/online");

        await HostCommand.DoAsync("cpus", Target, "--disable", "1");
        string less = await guest.Shell.DoAsync("cat /sys/devices/system/cpu/online");
        await HostCommand.DoAsync("cpus", Target, "--enable", "1");

        Assert.Equal(("0\n", all), (less, await guest.Shell.DoAsync("cat /sys/devices/system/cpu/online")));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task While_a_program_of_the_host_runs_the_guest_writes_nothing(string name)
    {
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        using TemporaryFolder here = new();
        using RunningCommand freeze = HostCommand.Start(
            ["freeze", Target, "--", .. HostCommand.ProgramThatWaits(here, "exit 3")]);
        await freeze.WaitForFileAsync(here.Combine("frozen"));

        LateWriter writer = await LateWriter.StartAsync(guest.Shell, xfs);
        await writer.WaitUntilBlockedAsync();
        await File.WriteAllTextAsync(here.Combine("go-on"), "");

        Assert.Equal(3, await freeze.EndAsync());
        await writer.FinishAsync();
        await guest.AssertWritableAsync(xfs, "/root");
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task Ended_by_a_signal_it_thaws_the_guest_before_it_goes(string signal, int status)
    {
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        using TemporaryFolder here = new();
        using RunningCommand freeze = HostCommand.Start("freeze", Target, "--", "sh", "-c", $"echo $$ > {here.Combine("new")}; mv {here.Combine("new")} {here.Combine("pid")}; exec sleep 1000");
        await freeze.WaitForFileAsync(here.Combine("pid"));
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, xfs);
        await writer.WaitUntilBlockedAsync();

        await CommandLine.RunAsync("kill", $"-{signal}", freeze.Id.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(status, await freeze.EndAsync());
        await writer.FinishAsync();
        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(here.Combine("pid"))).Trim()}"));
    }

    [Fact]
    public async Task A_guest_whose_agent_died_meanwhile_thaws_and_the_command_says_that_the_copy_is_not_consistent()
    {
        await using DataMounts data = new(guest);
        string xfs = await data.AddAsync("xfs");
        using TemporaryFolder here = new();
        using RunningCommand freeze = HostCommand.Start(
            ["freeze", Target, "--", .. HostCommand.ProgramThatWaits(here, "exit 0")]);
        await freeze.WaitForFileAsync(here.Combine("frozen"));
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, xfs);
        await writer.WaitUntilBlockedAsync();

        // Its successor, which systemd starts, thaws what it left.
        await guest.Shell.DoAsync($"kill -9 {(await guest.ReadServiceAsync("MainPID")).Trim()}");
        await writer.FinishAsync();
        await File.WriteAllTextAsync(here.Combine("go-on"), "");

        string errors = await freeze.StandardError.ReadToEndAsync();
        Assert.Equal(125, await freeze.EndAsync());
        Assert.StartsWith("guestwire: ", errors, StringComparison.Ordinal);
        await guest.AssertWritableAsync(xfs, "/root");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Trim_gives_the_host_back_what_the_guest_has_deleted(string name)
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        await guest.Shell.DoAsync($"head -c 50000000 /dev/urandom > {ext4}/waste; sync; rm {ext4}/waste; sync");
        long before = await AllocatedAsync();

        JsonElement json = JsonDocument.Parse(await HostCommand.DoAsync("trim", "--json", Target)).RootElement;

        Assert.True(await AllocatedAsync() < before - 40_000_000, $"{before} before, {await AllocatedAsync()} after: {json}");
    }

    [Fact]
    public async Task Wait_returns_when_an_agent_that_was_away_is_back()
    {
        await guest.Shell.DoAsync($"systemctl stop {DebianMachine.Service}");
        using RunningCommand wait = HostCommand.Start("wait", Target, "--timeout", "100");
        HostAnswer ping = await HostCommand.RunAsync("ping", "--timeout", "1", Target + "-not");
        Assert.Equal(3, ping.Status);
        Assert.False(wait.HasExited);

        await guest.Shell.DoAsync($"systemctl start {DebianMachine.Service}");

        Assert.Equal(0, await wait.EndAsync());
        Assert.Equal(0, (await HostCommand.RunAsync("wait", Target, "--for", "exec:test -e /etc/hostname")).Status);
    }

    // With Debian's agent it is tried over libvirt: a boot costs minutes.
    [Fact]
    public async Task Reboot_boots_the_guest_again_and_waits_for_it()
    {
        string boot = await guest.Shell.DoAsync("cat /proc/sys/kernel/random/boot_id");
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(guest);

        // One host at a time: nobody else asks before it has its answer.
        HostAnswer answer = await HostCommand.EndAsync(HostCommand.Start("reboot", "--wait", "--wait-time", "600", Target), s_bootPatience);
        bool wasGuest = (await monitor.WaitForEventAsync("RESET")).GetProperty("guest").GetBoolean();
        await guest.WaitForBootAsync();

        Assert.Equal((0, ""), (answer.Status, answer.Errors));
        Assert.True(wasGuest);
        Assert.NotEqual(boot, await guest.Shell.DoAsync("cat /proc/sys/kernel/random/boot_id"));
    }

    private async Task<long> AllocatedAsync() =>
        512 * long.Parse(await CommandLine.RunAsync("stat", "-c", "%b", guest.PathOf("ext4.img")), CultureInfo.InvariantCulture);
}
