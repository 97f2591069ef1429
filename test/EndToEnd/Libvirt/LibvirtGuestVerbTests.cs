using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EndToEnd.DebianGuest;
using EndToEnd.Host;
using EndToEnd.Sandbox;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Libvirt;

/// <summary>The verbs through libvirt, on the domain that the tests share, with our agent and with Debian's: what they tell and do is looked at in the guest.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtGuestVerbTests(LibvirtMachine guest)
{
    private const string Processors = "cat /sys/devices/system/cpu/online";

    /// <summary>Both agents.</summary>
    public static TheoryData<string> Agents => HostedAgent.Both;

    private string Target => guest.Target;

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task The_agent_is_found_waited_for_and_asked(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        string hostName = (await guest.Shell.DoAsync("hostname; rm -f /run/waited")).Trim();

        Assert.StartsWith("the agent answers in ", await HostCommand.DoAsync("ping", Target), StringComparison.Ordinal);
        Assert.Equal("the agent answers", await HostCommand.DoAsync("wait", Target));
        Assert.Contains("192.0.2.15", await HostCommand.DoAsync("wait", Target, "--for", "ip"), StringComparison.Ordinal);
        Assert.Equal("the command succeeded", await HostCommand.DoAsync("wait", Target, "--for", "exec:echo waited > /run/waited"));
        Assert.Equal("waited\n", await guest.Shell.DoAsync("cat /run/waited"));

        HostAnswer doctor = await HostCommand.RunAsync("doctor", Target);
        Assert.True(doctor.Status == 0, doctor.Text + doctor.Errors);
        Assert.Contains(name == HostedAgent.Ours ? "Guestwire" : "qemu-ga", doctor.Text, StringComparison.Ordinal);

        HostAnswer raw = await HostCommand.RunAsync("raw", Target, "{\"execute\": \"guest-get-host-name\"}");
        HostAnswer unknown = await HostCommand.RunAsync("raw", Target, "{\"execute\": \"guest-no-such-thing\"}");
        HostAnswer sync = await HostCommand.RunAsync("raw", Target, "{\"execute\": \"guest-sync-delimited\", \"arguments\": {\"id\": 1}}");
        Assert.Equal(hostName, raw.Json.GetProperty("return").GetProperty("host-name").GetString());
        Assert.Equal((1, "CommandNotFound"), (unknown.Status, unknown.Json.GetProperty("error").GetProperty("class").GetString()));

        // libvirt would lose the agent over it.
        Assert.Equal(3, sync.Status);
        Assert.Contains("guest-sync gets through", sync.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task What_is_told_of_the_guest_is_what_it_knows_of_itself(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        await guest.LogInAsync("tester");

        string info = await HostCommand.DoAsync("info", Target);
        JsonElement users = await TellAsync("users");
        JsonElement filesystems = await TellAsync("df");
        JsonElement disks = await TellAsync("disks");
        JsonElement net = await TellAsync("net");
        JsonElement processors = await TellAsync("cpus");
        JsonElement memory = await TellAsync("mem");
        JsonElement top = await TellAsync("top", "--count", "1", "--interval", "1");
        await guest.LogOutAsync("tester");

        IEnumerable<string> facts = await LinesAsync("hostname; uname -r; . /etc/os-release; echo $PRETTY_NAME; hostname -I | tr -s ' ' '\\n'");
        Assert.All(facts, fact => Assert.Contains(fact, info, StringComparison.Ordinal));
        Assert.Equal("tester", Assert.Single(users.EnumerateArray()).GetProperty("user").GetString());
        Assert.Equal("nobody is logged in", await HostCommand.DoAsync("users", Target));

        JsonElement data = Assert.Single(filesystems.EnumerateArray(), one => one.GetProperty("mountpoint").GetString() == "/data");
        Assert.Equal(
            await LinesAsync("basename $(readlink -f /dev/disk/by-id/virtio-data); set -- $(stat --file-system --format '%S %b %f' /data); echo $((($2 - $3) * $1))"),
            [data.GetProperty("name").GetString()!, data.GetProperty("used-bytes").GetRawText()]);
        Assert.Equal(
            await LinesAsync("ls -d /sys/block/vd* | sed 's,^/sys/block,/dev,' | LC_ALL=C sort"),
            disks.EnumerateArray().Select(disk => disk.GetProperty("name").GetString()!).Where(disk => disk.StartsWith("/dev/vd", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        JsonElement card = Assert.Single(net.GetProperty("interfaces").EnumerateArray(), one => one.GetProperty("name").GetString() == "eth0");
        Assert.Equal(
            await LinesAsync("cat /sys/class/net/eth0/address; hostname -I | tr -s ' ' '\\n'"),
            [card.GetProperty("hardware-address").GetString()!, .. card.GetProperty("ip-addresses").EnumerateArray().Select(address => address.GetProperty("ip-address").GetString()!)]);

        string[] numbers = [.. await LinesAsync("nproc; sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo; ls -d /sys/devices/system/memory/memory[0-9]* | wc -l")];
        string total = $"{1024 * long.Parse(numbers[1], CultureInfo.InvariantCulture)}";
        Assert.Equal(numbers[0], $"{processors.EnumerateArray().Count(processor => processor.GetProperty("online").GetBoolean())}");
        Assert.Equal(total, memory.GetProperty("memory").GetProperty("total-bytes").GetRawText());
        Assert.Equal(numbers[2], $"{memory.GetProperty("memory-blocks").GetArrayLength()}");
        Assert.Equal(numbers[0], $"{top.GetProperty("cpus").GetArrayLength()}");
        Assert.Equal(total, top.GetProperty("memory").GetProperty("total-bytes").GetRawText());
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Files_and_programs_are_those_of_the_guest(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        using TemporaryFolder here = new();
        byte[] content = RandomNumberGenerator.GetBytes(250_003);
        await File.WriteAllBytesAsync(here.Combine("file"), content);
        string sum = Convert.ToHexStringLower(SHA256.HashData(content));
        await guest.Shell.DoAsync("rm -rf /root/verbs; mkdir /root/verbs");

        await HostCommand.DoAsync("mkdir", "-p", "-m", "0710", At("one/t w o"));
        await HostCommand.DoAsync("cp", here.Combine("file"), At("one/t w o/file"));
        Assert.Equal($"710\n{sum}  -\n", await AskAsync("stat -c %a 'one/t w o'; sha256sum < 'one/t w o/file'"));

        await HostCommand.DoAsync("chmod", "0604", At("one/t w o/file"));
        await HostCommand.DoAsync("mv", At("one/t w o/file"), At("moved"));
        JsonElement stat = (await HostCommand.RunAsync("stat", "--checksum", "--json", At("moved"))).Json;
        HostAnswer read = await HostCommand.RunAsync("cat", At("moved"));
        await HostCommand.DoAsync("cp", At("moved"), here.Combine("back"));
        Assert.Equal($"604 {stat.GetProperty("status").GetProperty("inode")}\n", await AskAsync("stat -c '%a %i' moved"));
        Assert.Equal(sum, stat.GetProperty("sha256").GetString());
        Assert.Equal(content, read.Output);
        Assert.Equal(content, await File.ReadAllBytesAsync(here.Combine("back")));

        await AskAsync("printf 'old\\n' > edited; chown daemon:games edited; chmod 0640 edited");
        await HostCommand.RunInAsync([("VISUAL", "sed -i s/old/new/")], "edit", At("edited"));
        Assert.Equal("new\n640 daemon games\n", await AskAsync("cat edited; stat -c '%a %U %G' edited"));
        Assert.Equal("edited\nmoved\none", await HostCommand.DoAsync("ls", At("")));

        HostAnswer answer = await HostCommand.RunWithInputAsync("asked\n"u8.ToArray(), "exec", Target, "--", "sh", "-c", "cat /proc/sys/kernel/random/boot_id; cat; exit 9");
        Assert.Equal((9, await guest.ReadBootAsync() + "asked\n"), (answer.Status, answer.Text));

        Assert.Equal(1, (await HostCommand.RunAsync("rm", At("one"))).Status);
        Assert.Equal("t w o\n", await AskAsync("cd one; echo *"));
        await HostCommand.DoAsync("rm", "-r", At("one"), At("moved"), At("edited"));
        Assert.Equal("", await AskAsync("ls -A; rmdir /root/verbs"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Filesystems_stand_still_while_they_are_frozen_and_give_back_what_was_deleted(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        using TemporaryFolder here = new();

        string frozen = await HostCommand.DoAsync("freeze", Target);
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, "/data");
        await writer.WaitUntilBlockedAsync();
        string status = await HostCommand.DoAsync("freeze", "--status", Target);
        string thawed = await HostCommand.DoAsync("thaw", Target);
        await writer.FinishAsync();
        Assert.Equal(("3 filesystems frozen, until somebody thaws", "frozen", "3 filesystems thawed"), (frozen, status, thawed));

        using RunningCommand freeze = HostCommand.Start(
            ["freeze", Target, "--mountpoint", "/data", "--", .. HostCommand.ProgramThatWaits(here, "exit 3")]);
        await freeze.WaitForFileAsync(here.Combine("frozen"));
        writer = await LateWriter.StartAsync(guest.Shell, "/data");
        await writer.WaitUntilBlockedAsync();
        await guest.AssertWritableAsync("/root");
        await File.WriteAllTextAsync(here.Combine("go-on"), "");
        Assert.Equal(3, await freeze.EndAsync());
        await writer.FinishAsync();
        Assert.Equal("nothing was frozen", await HostCommand.DoAsync("thaw", Target));

        await guest.Shell.DoAsync("head -c 40000000 /dev/urandom > /data/waste; sync; rm /data/waste; sync");
        long before = await AllocatedAsync();
        await HostCommand.DoAsync("trim", Target);
        long after = await AllocatedAsync();
        Assert.True(after < before - 30_000_000, $"{before} bytes before, {after} after");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task The_clock_the_processors_a_password_and_keys_change(string name)
    {
        const string First = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl one";
        const string Second = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4Sn6vv0Sd0BbkYwHgBQ5Yd0hyTBvA1w2bU5dA3yQ5a two";
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);

        // A day is more than any slowness of this machine, and less than what it is off.
        await HostCommand.DoAsync("time", "--set", "@1900000000", Target);
        Assert.InRange(await ReadClockAsync() - DateTimeOffset.FromUnixTimeSeconds(1_900_000_000), TimeSpan.Zero, TimeSpan.FromDays(1));
        await HostCommand.DoAsync("time", "--sync", Target);
        Assert.InRange(await ReadClockAsync() - DateTimeOffset.UtcNow, TimeSpan.FromDays(-1), TimeSpan.FromDays(1));

        await HostCommand.DoAsync("cpus", Target, "--disable", "1");
        string one = await guest.Shell.DoAsync(Processors);
        await HostCommand.DoAsync("cpus", Target, "--enable", "1");
        Assert.Equal(("0\n", "0-1\n"), (one, await guest.Shell.DoAsync(Processors)));

        HostAnswer set = await HostCommand.RunWithInputAsync("it's $ecret\n"u8.ToArray(), "passwd", "--stdin", Target, "tester");
        string opens = await guest.Shell.DoAsync(
            "h=$(getent shadow tester | cut -d : -f 2); [ \"$(printf \"it's \\$ecret\" | H=\"$h\" perl -e 'print crypt(<STDIN>, $ENV{H})')\" = \"$h\" ] && echo same; usermod -p '!' tester");
        Assert.Equal((0, "", "same\n"), (set.Status, set.Errors, opens));

        await HostCommand.DoAsync("ssh-key", "add", Target, "tester", First, Second);
        string both = await guest.Shell.DoAsync("cat /home/tester/.ssh/authorized_keys; echo; stat -c '%U %a' /home/tester/.ssh/authorized_keys");
        string list = await HostCommand.DoAsync("ssh-key", "list", Target, "tester");
        await HostCommand.DoAsync("ssh-key", "remove", Target, "tester", First);
        string left = await guest.Shell.DoAsync("cat /home/tester/.ssh/authorized_keys; rm -r /home/tester/.ssh");
        Assert.Equal([First, Second, "tester 600"], both.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([Second, First], list.Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal(Second, left.Trim());
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task The_guest_goes_to_sleep_and_boots_again(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        string boot = await guest.ReadBootAsync();

        Assert.Equal("it goes to sleep", await HostCommand.DoAsync("suspend", Target));
        await guest.WakeAsync();
        Assert.Equal(boot, await guest.ReadBootAsync());
        Assert.Contains("PM: suspend exit", await guest.Shell.DoAsync("dmesg | grep 'PM: suspend' | tail -1"), StringComparison.Ordinal);

        RunningCommand? reboot = null;
        await guest.BootAgainAsync(() =>
        {
            reboot = HostCommand.Start("reboot", "--wait", Target);
            return Task.CompletedTask;
        });
        HostAnswer answer = await HostCommand.EndAsync(reboot!);
        Assert.Equal((0, "it has rebooted\n", ""), (answer.Status, answer.Text, answer.Errors));
        Assert.NotEqual(boot, await guest.ReadBootAsync());
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task The_guest_switches_itself_off(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);

        string said = await HostCommand.DoAsync("shutdown", "--wait", Target);
        string state = await guest.Virsh.DoAsync("domstate", "--reason");
        HostAnswer off = await HostCommand.RunAsync("ping", Target);
        await guest.StartDomainAsync();

        Assert.Equal(("it is gone", "shut off (shutdown)"), (said, state));
        Assert.Equal(3, off.Status);
        Assert.Contains("start it first", off.Errors, StringComparison.Ordinal);
    }

    private string At(string path) => $"{Target}:/root/verbs/{path}";

    private Task<string> AskAsync(string command) => guest.Shell.DoAsync($"cd /root/verbs; {command}");

    private async Task<IEnumerable<string>> LinesAsync(string command) => (await guest.Shell.DoAsync(command)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<JsonElement> TellAsync(string verb, params string[] options) =>
        JsonDocument.Parse(await HostCommand.DoAsync([verb, "--json", .. options, Target])).RootElement;

    private async Task<DateTimeOffset> ReadClockAsync() =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(await guest.Shell.DoAsync("date +%s"), CultureInfo.InvariantCulture));

    private async Task<long> AllocatedAsync() =>
        512 * long.Parse(await CommandLine.RunAsync("stat", "-c", "%b", guest.DataImage), CultureInfo.InvariantCulture);
}
