using System.Text.Json;
using EndToEnd.DebianGuest;

namespace EndToEnd.Libvirt;

/// <summary>Requests that libvirt hands through as they are, and an agent that does not answer.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtAgentCommandTests(LibvirtMachine guest)
{
    [Fact]
    public async Task A_request_goes_through_and_its_reply_comes_back()
    {
        string info = await guest.Virsh.DoAsync("qemu-agent-command", "{\"execute\":\"guest-info\"}", "--pretty");
        string started = await guest.Virsh.DoAsync(
            "qemu-agent-command", "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/sh\",\"arg\":[\"-c\",\"echo through libvirt > /run/proof\"]}}");

        Assert.Equal(guest.Version, JsonDocument.Parse(info).RootElement.GetProperty("return").GetProperty("version").GetString());
        Assert.True(JsonDocument.Parse(started).RootElement.GetProperty("return").GetProperty("pid").GetInt32() > 1);
        Assert.Equal("through libvirt\n", await guest.Shell.DoAsync("until [ -s /run/proof ]; do sleep 0.1; done; cat /run/proof; rm /run/proof"));
    }

    [Fact]
    public async Task An_error_of_the_agent_is_libvirt_s_error()
    {
        VirshAnswer answer = await guest.Virsh.AskAsync("qemu-agent-command", "{\"execute\":\"guest-no-such-thing\"}");

        Assert.NotEqual(0, answer.Status);
        Assert.Equal(
            "error: internal error: unable to execute QEMU agent command 'guest-no-such-thing': The command guest-no-such-thing has not been found",
            answer.Errors);
    }

    [Fact]
    public async Task A_large_reply_gets_through()
    {
        await guest.Shell.DoAsync("head -c 3000000 /dev/urandom > /run/large");
        string handle = await ReturnedAsync("{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/run/large\"}}");

        string read = await guest.Virsh.DoAsync(
            "qemu-agent-command", $"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle},\"count\":3000000}}}}");

        await ReturnedAsync($"{{\"execute\":\"guest-file-close\",\"arguments\":{{\"handle\":{handle}}}}}");
        string sum = await guest.Shell.DoAsync("sha256sum < /run/large | cut -d ' ' -f 1; rm /run/large");
        byte[] bytes = JsonDocument.Parse(read).RootElement.GetProperty("return").GetProperty("buf-b64").GetBytesFromBase64();
        Assert.Equal(sum.Trim(), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
    }

    [Fact]
    public async Task An_agent_that_was_stopped_is_given_up_and_answers_again_when_it_goes_on()
    {
        string pid = await guest.ReadAgentPidAsync();
        await guest.Shell.DoAsync($"kill -STOP {pid}");

        VirshAnswer command = await guest.Virsh.AskAsync("qemu-agent-command", "{\"execute\":\"guest-ping\"}", "--timeout", "1");
        VirshAnswer other = await guest.Virsh.AskAsync("domtime");

        await guest.Shell.DoAsync($"kill -CONT {pid}");
        Assert.NotEqual(0, command.Status);
        Assert.StartsWith("error: Guest agent is not responding", command.Errors, StringComparison.Ordinal);
        Assert.StartsWith("error: Guest agent is not responding", other.Errors, StringComparison.Ordinal);

        // The very next one: the replies to the two before it come first, and libvirt must not take them for its own.
        Assert.Equal((await guest.Shell.DoAsync("hostname")).Trim(), await guest.Virsh.DoAsync("domhostname", "--source", "agent"));
        Assert.Equal("{\"return\":\"thawed\"}", await guest.Virsh.DoAsync("qemu-agent-command", "{\"execute\":\"guest-fsfreeze-status\"}"));
        Assert.Equal(pid, await guest.ReadAgentPidAsync());
    }

    [Fact]
    public async Task A_killed_agent_is_back_for_libvirt_by_itself()
    {
        string before = await guest.ReadAgentPidAsync();

        await guest.Shell.DoAsync($"kill -9 {before}; until [ \"$(systemctl show --value --property=MainPID {DebianMachine.Service})\" -gt 1 ] && ! [ -e /proc/{before} ]; do sleep 0.2; done");
        await guest.WaitUntilAgentAnswersAsync();

        Assert.NotEqual(before, await guest.ReadAgentPidAsync());
        Assert.Equal("active\n", await guest.Shell.DoAsync($"systemctl is-active {DebianMachine.Service}"));
    }

    private async Task<string> ReturnedAsync(string request) =>
        JsonDocument.Parse(await guest.Virsh.DoAsync("qemu-agent-command", request)).RootElement.GetProperty("return").GetRawText();
}
