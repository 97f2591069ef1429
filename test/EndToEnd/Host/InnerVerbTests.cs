using EndToEnd.DebianGuest;

namespace EndToEnd.Host;

/// <summary>
/// The command in the guest itself, on agents that listen there: on vsock, and on sockets of which no hypervisor knows. So an agent may be asked for what
/// must not be done to the machine that runs the tests.
/// </summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class InnerVerbTests(DebianMachine guest)
{
    private const string Folder = "/run/inner";
    private const string Unit = "inner-agent";

    /// <summary>Both agents, and where each listens.</summary>
    public static TheoryData<string, string> Agents { get; } = new()
    {
        { HostedAgent.Ours, $"unix:{Folder}/agent" },
        { HostedAgent.Ours, "vsock:1:9001" },
        { HostedAgent.Reference, $"unix:{Folder}/agent" },
        { HostedAgent.Reference, "vsock:1:9001" },
    };

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task What_is_done_to_the_guest_by_its_own_agent_is_done(string name, string target)
    {
        const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl one";
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        await StartAgentAsync(data, name, target);
        await data.DoAsync("useradd --create-home alice", "userdel --force --remove alice 2> /dev/null; ! id alice 2> /dev/null");

        await RunAsync("ping", target);
        string program = await AskAsync($"printf input | {Said("exec", target, "--", "sh", "-c", "'tr a-z A-Z; exit 3'")}; echo $?");
        string files = await AskAsync(
            $"head -c 300000 /dev/urandom > {Folder}/new && {Said("cp", "--quiet", $"{Folder}/new", $"{target}:{ext4}/in")} && {Said("cp", "--quiet", $"{target}:{ext4}/in", $"{Folder}/back")}"
                + $" && cmp {Folder}/new {ext4}/in && cmp {Folder}/new {Folder}/back && rm {Folder}/new {Folder}/back");
        await RunAsync("ssh-key", "add", target, "alice", $"'{Key}'");
        string keys = await AskAsync("cat ~alice/.ssh/authorized_keys");
        string password = await AskAsync($"old=$(getent shadow alice); printf 'secret\\n' | {Said("passwd", "--stdin", target, "alice")}; [ \"$(getent shadow alice)\" != \"$old\" ] && echo another");
        await RunAsync("cpus", target, "--disable", "1");
        string less = await AskAsync("cat /sys/devices/system/cpu/online");
        await RunAsync("cpus", target, "--enable", "1");
        string all = await AskAsync("cat /sys/devices/system/cpu/online");

        // Who writes there is held (state D) until the program that runs meanwhile has ended.
        string frozen = await AskAsync(Said(
            "freeze", "--mountpoint", ext4, target, "--",
            $"sh -c '(echo late > {ext4}/late) & until grep -sq ^State:.D /proc/$!/status; do sleep 0.1; done; ls {ext4}'"));
        string late = await AskAsync($"until [ -s {ext4}/late ]; do sleep 0.1; done; cat {ext4}/late");

        Assert.Equal("INPUT3\n", program);
        Assert.Equal("", files);
        Assert.Equal(Key, keys.TrimEnd());
        Assert.Equal("the password of alice is set\nanother\n", password);
        Assert.Equal(("0\n", "0-1\n"), (less, all));
        Assert.DoesNotContain("late", frozen, StringComparison.Ordinal);
        Assert.Equal("late\n", late);
    }

    /// <summary>Starts an agent beside the one on the machine's port, and has it end with the test.</summary>
    private async Task StartAgentAsync(DataMounts data, string name, string target)
    {
        string program = "/usr/sbin/guestwire-agent";
        if (name == HostedAgent.Reference)
        {
            await ReferenceService.UnpackAsync(guest);
            program = ReferenceService.Program;
        }

        string[] way = target.Split(':', 2);
        await data.DoAsync($"mkdir {Folder} && modprobe vsock_loopback", $"rm -r {Folder}");
        await data.DoAsync(
            $"systemd-run --quiet --unit={Unit} {program} --method={way[0]}-listen --path={way[1]} --statedir={Folder} 2>&1", $"systemctl stop {Unit}");
        await RunAsync("wait", target);
    }

    private static string Said(params string[] words) => $"{DebianMachine.Command} {string.Join(' ', words)}";

    private Task<string> AskAsync(string command) => guest.Shell.DoAsync(command, HostCommand.Patience);

    private Task RunAsync(params string[] words) => AskAsync(Said(words) + " 2>&1");
}
