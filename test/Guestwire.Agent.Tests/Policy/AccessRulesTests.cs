using Guestwire.Agent.Commands;
using Guestwire.Agent.Policy;

namespace Guestwire.Agent.Tests.Policy;

public sealed class AccessRulesTests
{
    [Fact]
    public void Without_rules_every_command_is_open() =>
        Assert.All(CommandTable.All.ToArray(), command => Assert.Null(AccessRules.None.ClosedBy(command)));

    [Fact]
    public void Readonly_leaves_open_what_changes_nothing_and_opens_no_way_in()
    {
        AccessRules rules = new() { Profile = PolicyProfile.ReadOnly };

        string[] open = Open(rules);

        Assert.Contains("guest-get-fsinfo", open);
        Assert.Contains("guest-info", open);
        Assert.Contains("__org.guestwire_get-memory", open);
        Assert.Contains("__org.guestwire_get-processes", open);
        Assert.DoesNotContain("guest-set-time", open);
        Assert.DoesNotContain("guest-fsfreeze-freeze", open);
        AssertNoWayIn(open);
    }

    [Fact]
    public void Backup_adds_what_a_snapshot_takes()
    {
        string[] less = Open(new AccessRules { Profile = PolicyProfile.ReadOnly });
        string[] more = Open(new AccessRules { Profile = PolicyProfile.Backup });

        Assert.Equal(
            ["guest-fsfreeze-freeze", "guest-fsfreeze-freeze-list", "guest-fsfreeze-thaw", "guest-fstrim"],
            more.Except(less).Order());
        Assert.Empty(less.Except(more));
    }

    [Fact]
    public void Managed_runs_the_machine_and_opens_no_way_in()
    {
        string[] open = Open(new AccessRules { Profile = PolicyProfile.Managed });

        Assert.Contains("guest-shutdown", open);
        Assert.Contains("guest-set-time", open);
        Assert.Contains("guest-set-vcpus", open);
        AssertNoWayIn(open);
    }

    [Fact]
    public void A_rule_opens_its_commands_in_any_profile()
    {
        AccessRules rules = new()
        {
            Profile = PolicyProfile.ReadOnly,
            ReadPaths = ["/etc"],
            Users = ["alice"],
            Programs = [new ExecRule { Name = "uptime", Program = "/usr/bin/uptime" }],
        };

        string[] opened = [.. Open(rules).Except(Open(new AccessRules { Profile = PolicyProfile.ReadOnly })).Order(StringComparer.Ordinal)];

        Assert.Equal(
            [
                "__org.guestwire_exec-read", "__org.guestwire_exec-signal", "__org.guestwire_exec-write",
                "__org.guestwire_file-checksum", "__org.guestwire_file-list", "__org.guestwire_file-stat",
                "guest-exec", "guest-exec-status", "guest-file-close", "guest-file-open", "guest-file-read", "guest-file-seek",
                "guest-set-user-password", "guest-ssh-add-authorized-keys", "guest-ssh-get-authorized-keys", "guest-ssh-remove-authorized-keys",
            ],
            opened);
    }

    [Fact]
    public void A_list_that_names_nothing_closes_what_it_is_about()
    {
        AccessRules rules = new() { ReadPaths = [], WritePaths = [], Users = [] };

        string[] closed = [.. CommandTable.All.ToArray().Select(command => command.Name).Except(Open(rules)).Order(StringComparer.Ordinal)];

        Assert.Equal(
            [
                "__org.guestwire_file-checksum", "__org.guestwire_file-link", "__org.guestwire_file-list",
                "__org.guestwire_file-make-directory", "__org.guestwire_file-remove", "__org.guestwire_file-rename",
                "__org.guestwire_file-set-attributes", "__org.guestwire_file-stat",
                "guest-file-close", "guest-file-flush", "guest-file-open", "guest-file-read", "guest-file-seek", "guest-file-write",
                "guest-set-user-password", "guest-ssh-add-authorized-keys", "guest-ssh-get-authorized-keys", "guest-ssh-remove-authorized-keys",
            ],
            closed);
    }

    [Fact]
    public void Files_that_may_only_be_written_can_be_opened_and_not_read()
    {
        string[] open = Open(new AccessRules { ReadPaths = [] });

        Assert.Contains("guest-file-open", open);
        Assert.Contains("guest-file-write", open);
        Assert.DoesNotContain("guest-file-read", open);
    }

    private static void AssertNoWayIn(string[] open) =>
        Assert.DoesNotContain(open, name => name.Contains("file-") || name.Contains("exec") || name.Contains("password") || name.Contains("ssh"));

    private static string[] Open(AccessRules rules) =>
        [.. CommandTable.All.ToArray().Where(command => rules.ClosedBy(command) is null).Select(command => command.Name)];
}
