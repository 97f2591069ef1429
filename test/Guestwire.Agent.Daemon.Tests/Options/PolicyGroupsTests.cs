using System.Text;
using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.Policy;

namespace Guestwire.Agent.Daemon.Tests.Options;

public sealed class PolicyGroupsTests
{
    private const string Everything =
        """
        [policy]
        profile=managed
        read-paths=/var/log/, /etc/hosts
        write-paths=/
        users=alice,bob
        audit-log=/var/log/guest.audit

        [exec logs]
        program=/usr/bin/journalctl
        arguments=--unit * "two words" ...
        environment=LANG,TZ
        input=true
        users=deploy,www-data
        folders=/srv/app, /tmp

        [exec uptime]
        program=/usr/bin/uptime

        """;

    [Fact]
    public void Every_key_reaches_its_place()
    {
        AccessRules rules = Load(Everything).Rules;

        Assert.Equal(PolicyProfile.Managed, rules.Profile);
        Assert.Equal(["/var/log", "/etc/hosts"], rules.ReadPaths!);
        Assert.Equal([""], rules.WritePaths!);
        Assert.Equal(["alice", "bob"], rules.Users!);
        Assert.Equal("/var/log/guest.audit", rules.AuditLog);
        Assert.Equal(["logs", "uptime"], rules.Programs!.Select(rule => rule.Name));
        ExecRule logs = rules.Programs![0];
        Assert.Equal("/usr/bin/journalctl", logs.Program);
        Assert.Equal(["--unit", "*", "two words"], logs.Arguments.Select(pattern => pattern.Text));
        Assert.True(logs.AllowsFurtherArguments);
        Assert.Equal(["LANG", "TZ"], logs.Environment);
        Assert.True(logs.AllowsInput);
        Assert.Equal(["deploy", "www-data"], logs.Users);
        Assert.Equal(["/srv/app", "/tmp"], logs.Folders);
        ExecRule uptime = rules.Programs[1];
        Assert.Empty(uptime.Arguments);
        Assert.False(uptime.AllowsFurtherArguments);
        Assert.False(uptime.AllowsInput);
        Assert.Empty(uptime.Users);
        Assert.Empty(uptime.Folders);
    }

    [Fact]
    public void A_file_without_groups_of_ours_gives_hosts_everything() =>
        Assert.Equal(AccessRules.None, Load("[general]\nverbose=true\n").Rules);

    [Fact]
    public void An_empty_list_names_nothing()
    {
        AccessRules rules = Load("[policy]\nread-paths=\nusers= \n").Rules;

        Assert.Empty(rules.ReadPaths!);
        Assert.Empty(rules.Users!);
        Assert.Null(rules.WritePaths);
    }

    [Fact]
    public void Dumped_it_means_the_same()
    {
        string dump = ConfigurationDump.Write(Load(Everything));

        Assert.Equal(dump, ConfigurationDump.Write(Load(dump)));
        Assert.Contains("\narguments=--unit * \"two words\" ...\n", dump, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[policy]\nprofile=closed\n", "line 2: key 'profile' of group 'policy': there is no profile 'closed'; there are full, managed, backup, readonly")]
    [InlineData("[policy]\nread-paths=/a,etc\n", "line 2: key 'read-paths' of group 'policy': 'etc' is not an absolute path without '//', '.' and '..'")]
    [InlineData("[policy]\nwrite-paths=/a/../b\n", "line 2: key 'write-paths' of group 'policy': '/a/../b' is not an absolute path without '//', '.' and '..'")]
    [InlineData("[policy]\nusers=a,,b\n", "line 2: key 'users' of group 'policy': a name is missing between two commas")]
    [InlineData("[policy]\nprofile=full\nprofile=readonly\n", "line 3: key 'profile' of group 'policy' comes twice")]
    [InlineData("[exec x]\narguments=a\n", "group 'exec x' has no key 'program'")]
    [InlineData("[policy]\naudit-log=audit\n", "line 2: key 'audit-log' of group 'policy': 'audit' is not an absolute path")]
    [InlineData("[exec x]\nprogram=ls\n", "line 2: key 'program' of group 'exec x': 'ls' is not an absolute path")]
    [InlineData("[exec x]\nprogram=/bin/ls\narguments=\"a\n", "line 3: key 'arguments' of group 'exec x': a quotation mark is not closed")]
    [InlineData("[exec x]\nprogram=/bin/ls\ninput=yes\n", "line 3: key 'input' of group 'exec x': Key file contains key 'input' which has a value that cannot be interpreted.")]
    [InlineData("# c\n\n[policy]\nprofil=full\n", "line 4: unknown key 'profil' in group 'policy'; did you mean 'profile'?")]
    [InlineData("[policy]\nnonsense=1\n", "line 2: unknown key 'nonsense' in group 'policy'")]
    [InlineData("[general]\nnonsense=1\n[policy]\nprofile=full\n", "line 2: unknown key 'nonsense' in group 'general'")]
    [InlineData("[other]\n[policy]\nprofile=full\n", "line 1: unknown group 'other'")]
    [InlineData("[polcy]\nprofile=full\n", "line 1: unknown group 'polcy'; did you mean 'policy'?")]
    [InlineData("[general]\n[exec]\nprogram=/bin/ls\n", "line 2: unknown group 'exec'; did you mean 'exec NAME'?")]
    [InlineData("[general]\nblock-rpc=guest-exec\n", "line 2: unknown key 'block-rpc' in group 'general'; did you mean 'block-rpcs'?")]
    public void A_typing_error_is_an_error_with_its_line(string text, string reason)
    {
        Assert.False(ConfigurationFile.TryParse(Encoding.UTF8.GetBytes(text), out _, out string? found));

        Assert.Equal(reason, found);
    }

    [Theory]
    [InlineData("[general]\nnonsense=1\ndaemonize=1\n")]
    [InlineData("[general]\nblacklist=guest-exec\n")]
    [InlineData("[other]\nverbose=true\n")]
    public void What_the_reference_passes_over_in_files_of_its_own_is_a_warning(string text)
    {
        Assert.True(ConfigurationFile.TryParse(Encoding.UTF8.GetBytes(text), out ConfigurationFile? file, out _));

        Assert.NotEmpty(file.Warnings);
    }

    private static AgentOptions Load(string text)
    {
        Assert.True(ConfigurationFile.TryParse(Encoding.UTF8.GetBytes(text), out ConfigurationFile? file, out string? reason), reason);
        Assert.Empty(file.Warnings);
        return file.Options;
    }
}
