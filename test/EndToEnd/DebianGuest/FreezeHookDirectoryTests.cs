using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>The hooks of the folder, around a freeze.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class FreezeHookDirectoryTests(DebianMachine guest)
{
    private const string Folder = "/etc/qemu/fsfreeze-hook.d";
    private const string Program = "/etc/qemu/first-hook";
    private const string Freeze = "{\"execute\":\"guest-fsfreeze-freeze\"}";

    // Each hook writes down its name and what it is told.
    private const string Note = "echo ${0##*/} $1 >> /data/ext4/calls; ";

    [Fact]
    public async Task They_are_told_in_order_before_the_freeze_and_in_reverse_after_the_thaw()
    {
        await using DataMounts data = await PrepareAsync();
        await WriteAsync(data, Program, Note);
        await WriteAsync(data, $"{Folder}/20-b", Note);
        await WriteAsync(data, $"{Folder}/10-a", Note);
        await WriteAsync(data, $"{Folder}/10-a.dpkg-old", Note);
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "fsfreeze-hook=" + Program);
        await using AgentConversation host = await guest.ConnectAsync();

        await host.AskAsync("guest-fsfreeze-freeze");
        Assert.Equal("first-hook freeze\n10-a freeze\n20-b freeze\n", await ReadCallsAsync());

        await host.AskAsync("guest-fsfreeze-thaw");
        Assert.Equal("first-hook freeze\n10-a freeze\n20-b freeze\n20-b thaw\n10-a thaw\nfirst-hook thaw\n", await ReadCallsAsync());
    }

    [Fact]
    public async Task One_that_hangs_is_killed_at_its_limit_with_what_it_started_and_nothing_stays_frozen()
    {
        await using DataMounts data = await PrepareAsync();
        await WriteAsync(data, $"{Folder}/10-a", Note);
        await WriteAsync(data, $"{Folder}/20-b", Note + "[ $1 = thaw ] || { trap \"\" TERM; echo my last words; echo $$ > /run/hanging; timeout 100000 sleep 100000; sleep 100000; }");
        await WriteAsync(data, $"{Folder}/30-c", Note);
        await data.DoAsync("true", "rm -f /run/hanging");
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "'[freeze]'", "hook-timeout=10");
        await using AgentConversation host = await guest.ConnectAsync();

        string description = DescriptionOf(await host.AskLineAsync(Freeze));

        Assert.Contains($"'{Folder}/20-b' did not end within 10 s and was killed", description, StringComparison.Ordinal);
        Assert.Contains("my last words", description, StringComparison.Ordinal);
        Assert.Equal("thawed", (await host.AskAsync("guest-fsfreeze-status")).GetString());
        await guest.AssertWritableAsync("/data/ext4", "/root");
        Assert.Equal("10-a freeze\n20-b freeze\n20-b thaw\n10-a thaw\n", await ReadCallsAsync());
        Assert.Equal("gone\n", await guest.Shell.DoAsync("[ -e /proc/$(cat /run/hanging) ] && echo there || echo gone"));
        Assert.Equal("", await guest.Shell.DoAsync("grep -la 100000 /proc/[0-9]*/cmdline 2>/dev/null || true"));
    }

    [Fact]
    public async Task One_that_others_could_write_is_not_run_and_stops_the_freeze()
    {
        await using DataMounts data = await PrepareAsync();
        await WriteAsync(data, $"{Folder}/10-a", Note);
        await WriteAsync(data, $"{Folder}/20-b", Note);
        await guest.Shell.DoAsync($"chmod o+w {Folder}/20-b");
        await using AgentConversation host = await guest.ConnectAsync();

        string description = DescriptionOf(await host.AskLineAsync(Freeze));

        Assert.Equal($"fsfreeze hook '{Folder}/20-b' is not run: '{Folder}/20-b' can be written by others than its owner", description);
        Assert.Equal("", await ReadCallsAsync());
        Assert.Equal("thawed", (await host.AskAsync("guest-fsfreeze-status")).GetString());
    }

    [Fact]
    public async Task When_one_fails_those_told_so_far_are_told_of_the_thaw_and_nothing_was_ever_frozen()
    {
        await using DataMounts data = await PrepareAsync();
        await WriteAsync(data, $"{Folder}/10-a", Note);
        await WriteAsync(data, $"{Folder}/20-b", Note + "[ $1 = thaw ] || { echo the database says no >&2; exit 3; }");
        await WriteAsync(data, $"{Folder}/30-c", Note);
        await using ServiceTrace trace = await ServiceTrace.StartAsync(guest, "ioctl");
        await using AgentConversation host = await guest.ConnectAsync();

        string description = DescriptionOf(await host.AskLineAsync(Freeze));
        string calls = string.Join('\n', await trace.StopAsync());

        Assert.Equal($"fsfreeze hook '{Folder}/20-b': child process has failed to execute fsfreeze hook: the database says no", description);
        Assert.Equal("10-a freeze\n20-b freeze\n20-b thaw\n10-a thaw\n", await ReadCallsAsync());
        Assert.DoesNotContain("FIFREEZE", calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_comes_after_a_dead_one_tells_all_of_them_of_the_thaw()
    {
        await using DataMounts data = await PrepareAsync();
        await WriteAsync(data, $"{Folder}/10-a", Note);
        await WriteAsync(data, $"{Folder}/20-b", Note);
        string killed = await guest.ReadServiceAsync("MainPID");
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            await host.AskAsync("guest-fsfreeze-freeze");
        }

        await guest.Shell.DoAsync("kill -9 " + killed);

        await guest.Shell.DoAsync("until [ $(wc -l < /data/ext4/calls) = 4 ]; do sleep 0.2; done");
        Assert.Equal("10-a freeze\n20-b freeze\n20-b thaw\n10-a thaw\n", await ReadCallsAsync());
        await guest.WaitForAgentAsync();
    }

    private async Task<DataMounts> PrepareAsync()
    {
        DataMounts data = new(guest);
        await data.AddAsync("ext4");
        await guest.Shell.DoAsync($"mkdir -p {Folder}; touch /data/ext4/calls");
        return data;
    }

    private static async Task WriteAsync(DataMounts data, string path, string script) => await data.DoAsync(
        $"printf '%s\\n' '#!/bin/sh' '{script}' > {path} && chmod 755 {path}", "rm " + path);

    private Task<string> ReadCallsAsync() => guest.Shell.DoAsync("cat /data/ext4/calls");

    private static string DescriptionOf(string reply)
    {
        JsonElement error = JsonDocument.Parse(reply).RootElement.GetProperty("error");
        Assert.Equal("GenericError", error.GetProperty("class").GetString());
        return error.GetProperty("desc").GetString()!;
    }
}
