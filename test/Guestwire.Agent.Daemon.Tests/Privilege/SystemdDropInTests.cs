using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.Daemon.Privilege;
using Guestwire.Agent.Policy;

namespace Guestwire.Agent.Daemon.Tests.Privilege;

public sealed class SystemdDropInTests
{
    [Fact]
    public void By_default_it_takes_nothing_away_and_neither_does_the_unit_of_our_package()
    {
        string[] strictest = [.. Directives(Of(PolicyProfile.ReadOnly)).Select(line => line.Split('=')[0])];
        string unit = Path.Combine(AppContext.BaseDirectory, "qemu-guest-agent.service");

        Assert.Empty(Directives(SystemdDropIn.Write(new AgentOptions())));
        Assert.Contains("NoNewPrivileges", strictest);
        Assert.DoesNotContain(Directives(File.ReadAllText(unit)), line => strictest.Contains(line.Split('=')[0]));
    }

    [Theory]
    [InlineData("managed", "CAP_DAC_READ_SEARCH CAP_SETPCAP CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_TIME")]
    [InlineData("backup", "CAP_DAC_READ_SEARCH CAP_SETPCAP CAP_SYS_ADMIN")]
    [InlineData("readonly", "CAP_DAC_READ_SEARCH CAP_SETPCAP CAP_SYS_ADMIN")]
    public void A_profile_leaves_what_the_start_needs_and_the_commands(string profile, string capabilities)
    {
        string[] lines = Directives(Of(PolicyProfileNames.Parse(profile)!.Value));

        Assert.Contains("CapabilityBoundingSet=" + capabilities, lines);
        Assert.Contains("NoNewPrivileges=yes", lines);
        Assert.Equal(profile == "managed", lines.Contains("DeviceAllow=char-rtc r"));
        Assert.Equal(profile == "managed", lines.Contains("SystemCallFilter=@system-service @clock"));
    }

    [Theory]
    [InlineData("virtio-serial", "DeviceAllow=char-virtio-portsdev rw", "RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET")]
    [InlineData("isa-serial", "DeviceAllow=/dev/ttyS0 rw", "RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET")]
    [InlineData("vsock-listen", "CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_SETPCAP CAP_NET_BIND_SERVICE CAP_SYS_ADMIN", "RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_VSOCK")]
    public void The_channel_stays_open(string method, params string[] expected)
    {
        string[] lines = Directives(Of(PolicyProfile.Backup, method));

        Assert.All(expected, line => Assert.Contains(line, lines));
    }

    [Fact]
    public void A_hook_is_a_program_of_somebody_s_choice() =>
        Assert.Empty(Directives(SystemdDropIn.Write(
            new AgentOptions { Rules = new AccessRules { Profile = PolicyProfile.Backup }, FsfreezeHook = "/etc/qemu/fsfreeze-hook" })));

    [Fact]
    public void No_line_gives_the_service_mounts_a_host_name_or_a_network_of_its_own()
    {
        string[] own = ["Protect", "Private", "ReadOnlyPaths", "ReadWritePaths", "InaccessiblePaths", "TemporaryFileSystem", "RootDirectory", "Bind"];
        string[] lines = [.. Enum.GetValues<PolicyProfile>().SelectMany(profile => Directives(Of(profile)))];

        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, line => own.Any(name => line.StartsWith(name, StringComparison.Ordinal)));
    }

    private static string Of(PolicyProfile profile, string method = "virtio-serial") =>
        SystemdDropIn.Write(new AgentOptions { Method = method, Rules = new AccessRules { Profile = profile } });

    private static string[] Directives(string unit) =>
        [.. unit.Split('\n').Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#'))];
}
