using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Upgrades and swaps while systemd runs the agent. Each test ends with the first version in place.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class PackageInGuestTests(DebianMachine guest)
{
    [Fact]
    public async Task An_upgrade_asked_for_through_the_agent_ends_well_and_the_new_agent_runs()
    {
        string before = await guest.ReadServiceAsync("MainPID");
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            await host.AskAsync("guest-exec", new Dictionary<string, object>
            {
                ["path"] = "/bin/sh",
                ["arg"] = (string[])["-c", $"apt-get -qq --yes install guestwire-agent={AgentPackage.NewerVersion} > /run/upgrade.log 2>&1; echo $? > /run/upgrade"],
                ["env"] = (string[])["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive"],
            });
        }

        string status = await guest.Shell.DoAsync(
            "until [ -s /run/upgrade ]; do sleep 0.5; done; cat /run/upgrade /run/upgrade.log; rm /run/upgrade", DebianMachine.AptPatience);
        await guest.WaitForAgentAsync();

        Assert.StartsWith("0\n", status, StringComparison.Ordinal);
        Assert.Equal(
            $"ii {AgentPackage.NewerVersion}\n", await guest.Shell.DoAsync("dpkg-query -f '${db:Status-Abbrev}${Version}\\n' -W guestwire-agent"));
        Assert.NotEqual(before, await guest.ReadServiceAsync("MainPID"));

        await guest.AptAsync($"install guestwire-agent={AgentPackage.Version}");
    }

    [Fact]
    public async Task Apt_swaps_it_for_the_other_agent_and_back_and_each_of_them_serves()
    {
        // Debian's package leaves the start to the next boot.
        await guest.AptAsync("install qemu-guest-agent");
        await guest.Shell.DoAsync($"systemctl start {DebianMachine.Service}");
        await guest.WaitForAgentAsync();
        string other = await guest.Shell.DoAsync($"readlink /proc/{await guest.ReadServiceAsync("MainPID")}/exe");

        await guest.AptAsync($"install guestwire-agent={AgentPackage.Version}");
        await guest.WaitForAgentAsync();
        string ours = await guest.Shell.DoAsync($"readlink /proc/{await guest.ReadServiceAsync("MainPID")}/exe");

        Assert.Equal("/usr/sbin/qemu-ga\n", other);
        Assert.Equal("/usr/sbin/guestwire-agent\n", ours);
    }

    [Fact]
    public async Task Removed_it_leaves_no_service_behind()
    {
        await guest.AptAsync("purge guestwire-agent");
        string load = await guest.ReadServiceAsync("LoadState");
        string processes = await guest.Shell.DoAsync("grep -lx 'guestwire-agent' /proc/[0-9]*/comm || true");

        await guest.AptAsync($"install guestwire-agent={AgentPackage.Version}");
        await guest.WaitForAgentAsync();

        Assert.Equal("not-found", load);
        Assert.Equal("", processes);
    }
}
