using System.Text.RegularExpressions;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Our package in a Debian system that is not running: what it brings, and what it leaves.</summary>
[Trait("Suite", "debian-guest")]
public sealed partial class PackageTests(DebianRoot root) : IClassFixture<DebianRoot>
{
    // apt says nothing, and what dpkg says goes where errors go.
    private const string Apt = "apt-get -qq update; apt() { apt-get -qq --yes -o Dpkg::Use-Pty=0 \"$@\" >&2; }; ";

    private const string State = "dpkg-query -f '${Package} ${db:Status-Status} ${Version}\\n' -W guestwire-agent qemu-guest-agent 2>&1; ";

    [Fact]
    public async Task Installed_it_has_the_programs_of_both_names_and_all_its_files()
    {
        string output = await root.RunAsync(
            Apt + $"apt install guestwire-agent={AgentPackage.Version}; dpkg --verify guestwire-agent; readlink -f /usr/sbin/qemu-ga; qemu-ga --version");

        Assert.Equal($"/usr/sbin/guestwire-agent\nQEMU Guest Agent {AgentBinary.Ours.ReadVersion()}", output);
    }

    [Fact]
    public async Task Upgraded_it_has_all_its_files()
    {
        string output = await root.RunAsync(
            Apt + $"apt install guestwire-agent={AgentPackage.Version}; apt install guestwire-agent={AgentPackage.NewerVersion}; "
            + "dpkg --verify guestwire-agent; dpkg-query -f '${Version}' -W guestwire-agent");

        Assert.Equal(AgentPackage.NewerVersion, output);
    }

    [Fact]
    public async Task Purged_it_leaves_every_folder_as_it_was_and_the_configuration_alone()
    {
        // Left out: what dpkg and apt keep for themselves.
        const string Listing = "find / -xdev \\( -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/log -o -path /var/cache -o -path /tmp \\) -prune -o -print | sort";
        string output = await root.RunAsync(
            $"{Apt}mkdir -p /etc/qemu; echo '[general]' > /etc/qemu/qemu-ga.conf; {Listing} > /tmp/before; "
            + $"apt install guestwire-agent; apt purge guestwire-agent; {Listing} > /tmp/after; diff /tmp/before /tmp/after >&2; cat /etc/qemu/qemu-ga.conf");

        Assert.Equal("[general]", output);
    }

    [Fact]
    public async Task The_configuration_that_was_there_is_read()
    {
        string output = await root.RunAsync(
            Apt + "apt install qemu-guest-agent; printf '[general]\\nblock-rpcs=guest-exec\\n' > /etc/qemu/qemu-ga.conf; "
            + "apt install guestwire-agent; qemu-ga --dump-conf | grep block-rpcs");

        Assert.Equal("block-rpcs=guest-exec", output);
    }

    [Fact]
    public async Task Apt_takes_the_other_agent_away_for_it_and_it_for_the_other_agent()
    {
        string output = await root.RunAsync(
            Apt + $"apt install qemu-guest-agent; apt install guestwire-agent={AgentPackage.Version}; {State}dpkg --verify guestwire-agent; "
            + $"apt install qemu-guest-agent; {State}dpkg --verify qemu-guest-agent");

        Assert.Matches(
            $"""
             ^guestwire-agent installed {Regex.Escape(AgentPackage.Version)}
             qemu-guest-agent config-files \S+
             guestwire-agent config-files {Regex.Escape(AgentPackage.Version)}
             qemu-guest-agent installed \S+$
             """,
            output);
    }

    [Fact]
    public async Task Dpkg_alone_puts_it_in_the_other_agent_s_place_without_losing_a_file()
    {
        string output = await root.RunAsync(
            $"{Apt}apt install qemu-guest-agent; dpkg --install /mnt/{Path.GetFileName(root.Package)} >&2; {State}dpkg --verify guestwire-agent");

        Assert.Matches($@"^guestwire-agent installed {Regex.Escape(AgentPackage.Version)}\nqemu-guest-agent config-files \S+$", output);
    }

    [Fact]
    public async Task The_manual_names_every_command_and_every_option()
    {
        string page = await CommandLine.RunAsync(
            "sh", "-c", $"dpkg-deb --fsys-tarfile {root.Package} | tar -xO ./usr/share/man/man8/guestwire-agent.8.gz | gzip -d");
        string plain = page.Replace("\\-", "-", StringComparison.Ordinal);
        string[] commands = (await CommandLine.RunAsync(AgentBinary.Ours.Path, "-b", "help")).Split('\n');
        string[] options = [.. LongOption().Matches(await CommandLine.RunAsync(AgentBinary.Ours.Path, "--help")).Select(match => match.Value)];

        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Matches($"(?m)^\\.B {command}( |$)", plain));
        Assert.True(options.Length > 10);
        Assert.All(options, option => Assert.Contains(option, plain, StringComparison.Ordinal));
    }

    [GeneratedRegex("--[a-z][a-z-]+")]
    private static partial Regex LongOption();
}
