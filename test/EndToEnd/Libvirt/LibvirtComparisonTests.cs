using System.Text.RegularExpressions;
using EndToEnd.DebianGuest;

namespace EndToEnd.Libvirt;

/// <summary>The same virsh commands, once with our package in the guest and once with Debian's qemu-guest-agent.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed partial class LibvirtComparisonTests(LibvirtMachine guest)
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFirst first@example.com";

    /// <summary>In this order; what one of them changes a later one changes back.</summary>
    private string[][] Commands =>
    [
        ["domifaddr", "--source", "agent"],
        ["domifaddr", "--source", "agent", "--full"],
        ["domfsinfo"],
        ["guestinfo"],
        ["guestinfo", "--user"],
        ["guestinfo", "--os"],
        ["guestinfo", "--timezone"],
        ["guestinfo", "--hostname"],
        ["guestinfo", "--filesystem"],
        ["guestinfo", "--disk"],
        ["guestinfo", "--interface"],
        ["domhostname", "--source", "agent"],
        ["domtime"],
        ["domtime", "--pretty"],
        ["domtime", "--now"],
        ["domtime", "--sync"],

        ["guestvcpus"],
        ["vcpucount", "--guest"],
        ["setvcpus", "1", "--guest"],
        ["guestvcpus"],
        ["guestvcpus", "--cpulist", "1", "--enable"],
        ["vcpucount", "--guest"],
        ["guestvcpus", "--cpulist", "0", "--disable"],
        ["guestvcpus", "--cpulist", "7", "--enable"],
        ["setvcpus", "9", "--guest"],

        ["domfsfreeze"],
        ["domfsfreeze"],
        ["domfstrim"],
        ["guestinfo"],
        ["domhostname", "--source", "agent"],
        ["domfsthaw"],
        ["domfsthaw"],
        ["domfsfreeze", "--mountpoint", "/data"],
        ["domfsthaw"],
        ["domfsfreeze", "--mountpoint", "/data", "--mountpoint", "/"],
        ["domfsthaw", "--mountpoint", "/data"],
        ["domfsthaw"],
        ["domfsfreeze", "--mountpoint", "/nowhere"],
        ["domfsthaw"],
        ["domfstrim"],
        ["domfstrim", "--minimum", "1048576"],
        ["domfstrim", "--mountpoint", "/data"],

        ["get-user-sshkeys", "tester"],
        ["set-user-sshkeys", "tester", "--file", guest.PathOf("compared-key")],
        ["set-user-sshkeys", "tester", "--file", guest.PathOf("compared-key")],
        ["get-user-sshkeys", "tester"],
        ["set-user-sshkeys", "tester", "--file", guest.PathOf("compared-key"), "--remove"],
        ["get-user-sshkeys", "tester"],
        ["set-user-sshkeys", "tester", "--reset", "--file", guest.PathOf("compared-key")],
        ["get-user-sshkeys", "tester"],
        ["set-user-sshkeys", "tester", "--reset"],
        ["get-user-sshkeys", "tester"],
        ["get-user-sshkeys", "nobody-here"],
        ["set-user-sshkeys", "nobody-here", "--file", guest.PathOf("compared-key")],
        ["set-user-password", "tester", "compared"],
        ["set-user-password", "tester", "!", "--encrypted"],
        ["set-user-password", "nobody-here", "compared"],

        ["qemu-agent-command", "{\"execute\":\"guest-ping\"}"],
        ["qemu-agent-command", "{\"execute\":\"guest-ping\"}", "--pretty"],
        ["qemu-agent-command", "{\"execute\":\"guest-ping\",\"arguments\":{\"surplus\":1}}"],
        ["qemu-agent-command", "{\"execute\":\"guest-no-such-thing\"}"],
        ["qemu-agent-command", "{\"execute\":\"guest-exec-status\",\"arguments\":{}}"],
        ["qemu-agent-command", "{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/nowhere/at/all\"}}"],
        ["qemu-agent-command", "not JSON"],
    ];

    [Fact]
    public async Task Virsh_shows_the_same_for_both_agents()
    {
        await File.WriteAllTextAsync(guest.PathOf("compared-key"), Key + "\n");
        List<string> ours = await ConverseAsync();

        // Debian's package leaves the start to the next boot.
        await guest.Shell.AptAsync("install qemu-guest-agent");
        await guest.Shell.DoAsync($"systemctl start {DebianMachine.Service}");
        await guest.WaitUntilAgentAnswersAsync();
        string other = await guest.Shell.DoAsync($"readlink /proc/{await guest.ReadAgentPidAsync()}/exe");
        List<string> theirs = await ConverseAsync();

        await guest.Shell.AptAsync("install guestwire-agent");
        await guest.WaitUntilAgentAnswersAsync();
        await guest.Shell.DoAsync("usermod -p '!' tester");

        Assert.Equal("/usr/sbin/qemu-ga\n", other);
        Assert.Equal("/usr/sbin/guestwire-agent\n", await guest.Shell.DoAsync($"readlink /proc/{await guest.ReadAgentPidAsync()}/exe"));

        // Else it would be libvirt alone that said the same twice.
        Assert.DoesNotContain(ours, said => said.Contains("not responding", StringComparison.Ordinal));
        string[] different = [.. ours.Zip(theirs).Where(pair => pair.First != pair.Second).Select(pair => $"{pair.First}\nwith the other agent: {pair.Second}\n")];
        Assert.True(different.Length == 0, string.Join('\n', different));
    }

    private async Task<List<string>> ConverseAsync()
    {
        List<string> said = [];
        foreach (string[] command in Commands)
        {
            VirshAnswer answer = await guest.Virsh.AskAsync(command[0], command[1..]);
            said.Add($"{string.Join(' ', command)}\nstatus {answer.Status}\n{Mask(answer.Output)}\n{Mask(answer.Errors)}");
        }

        await guest.Shell.DoAsync("rm -rf /home/tester/.ssh");
        return said;
    }

    private static string Mask(string text)
    {
        text = UsedBytes().Replace(text, "$1masked");
        text = Time().Replace(text, "Time: masked");

        // Since 9.1, and so in ours, both reasons why a command is disabled have one text.
        text = text.Replace("disabled: the agent is in frozen state", "disabled: the command is not allowed", StringComparison.Ordinal);

        // 7.2 keeps to itself what the program that sets passwords said; ours says it, as 10.2 does.
        return PasswordError().Replace(text, "$1");
    }

    // A package more or less on the root file system.
    [GeneratedRegex(@"(?m)^(fs\.\d+\.used-bytes +: )\d+$")]
    private static partial Regex UsedBytes();

    [GeneratedRegex(@"(?m)^Time: .*$")]
    private static partial Regex Time();

    [GeneratedRegex(@"(?s)(child process has failed to set user password).*")]
    private static partial Regex PasswordError();
}
