using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>The administrator's hook around a freeze, where Debian has it.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class FreezeHookTests(DebianMachine guest)
{
    private const string Hook = "/etc/qemu/fsfreeze-hook";

    [Fact]
    public async Task It_is_called_before_the_freeze_and_after_the_thaw_and_can_write_both_times()
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        await WriteHookAsync(data, $"echo $1 >> {ext4}/calls; echo chatter");
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "fsfreeze-hook=" + Hook);
        await using AgentConversation host = await guest.ConnectAsync();

        await host.AskAsync("guest-fsfreeze-freeze");
        Assert.Equal("freeze\n", await guest.Shell.DoAsync($"cat {ext4}/calls"));

        await host.AskAsync("guest-fsfreeze-thaw");
        Assert.Equal("freeze\nthaw\n", await guest.Shell.DoAsync($"cat {ext4}/calls"));
    }

    [Fact]
    public async Task When_it_fails_nothing_freezes_and_the_error_says_what_it_said()
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        await WriteHookAsync(data, $"echo $1 >> {ext4}/calls; [ $1 = thaw ] || {{ echo the database says no >&2; exit 3; }}");
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "fsfreeze-hook=" + Hook);
        await using AgentConversation host = await guest.ConnectAsync();

        string reply = await host.AskLineAsync("{\"execute\":\"guest-fsfreeze-freeze\"}");
        await guest.AssertWritableAsync(ext4, "/root");

        JsonElement error = JsonDocument.Parse(reply).RootElement.GetProperty("error");
        Assert.Equal("GenericError", error.GetProperty("class").GetString());
        Assert.Contains("the database says no", error.GetProperty("desc").GetString(), StringComparison.Ordinal);
        Assert.Equal("thawed", (await host.AskAsync("guest-fsfreeze-status")).GetString());
        Assert.Equal("freeze\nthaw\n", await guest.Shell.DoAsync($"cat {ext4}/calls"));
    }

    [Fact]
    public async Task A_child_that_it_leaves_behind_with_its_output_does_not_delay_anything()
    {
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        await WriteHookAsync(data, "sleep 100000 & echo $! >> /run/hook-children");
        await data.DoAsync("true", "kill $(cat /run/hook-children); rm /run/hook-children");
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "fsfreeze-hook=" + Hook);
        await using AgentConversation host = await guest.ConnectAsync();

        await host.AskAsync("guest-fsfreeze-freeze");
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, ext4);
        await writer.WaitUntilBlockedAsync();
        await host.AskAsync("guest-fsfreeze-thaw");

        await writer.FinishAsync();
        Assert.Equal("2\n", await guest.Shell.DoAsync("n=0; for p in $(cat /run/hook-children); do [ -e /proc/$p ] && n=$((n + 1)); done; echo $n"));
    }

    private static async Task WriteHookAsync(DataMounts data, string script) => await data.DoAsync(
        $"mkdir -p /etc/qemu && printf '%s\\n' '#!/bin/sh' '{script}' > {Hook} && chmod 755 {Hook}", "rm " + Hook);
}
