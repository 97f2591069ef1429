using Guestwire.Agent.Commands;
using Guestwire.Agent.Policy;
using Guestwire.Agent.Privilege;

namespace Guestwire.Agent.Tests.Privilege;

public sealed class PrivilegeTableTests
{
    private static readonly AccessRules s_closed = new() { Profile = PolicyProfile.ReadOnly };

    [Fact]
    public void Every_command_has_a_line()
    {
        PrivilegeTable table = new(s_closed, hasHook: new(() => true), hasNvme: new(() => true));

        Assert.All(CommandTable.All.ToArray(), command => Assert.Null(Record.Exception(() => table.Of(command.Id))));
    }

    [Fact]
    public void A_command_that_the_table_does_not_know_is_a_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrivilegeTable(s_closed, new(() => false), new(() => false)).Of((CommandId)CommandTable.All.Length));

    [Fact]
    public void A_command_that_only_reads_facts_never_needs_the_power_to_write()
    {
        PrivilegeTable table = new(s_closed, hasHook: new(() => true), hasNvme: new(() => true));
        const Capabilities writing = Capabilities.DacOverride | Capabilities.Chown | Capabilities.FOwner | Capabilities.SysTime | Capabilities.SysBoot;

        IEnumerable<CommandId> readers = CommandTable.All.ToArray().Where(command => command.ReadOnly).Select(command => command.Id);

        Assert.All(readers, id => Assert.Equal(Capabilities.None, table.Of(id) & writing));
    }

    [Fact]
    public void Files_without_a_rule_may_be_any_file_in_the_full_profile_and_none_in_the_others()
    {
        Assert.Equal(Capabilities.All, new PrivilegeTable(AccessRules.None, new(() => false), new(() => false)).Of(CommandId.GuestFileOpen));
        Assert.Equal(Capabilities.None, new PrivilegeTable(s_closed, new(() => false), new(() => false)).Of(CommandId.GuestFileOpen));
    }

    [Theory]
    [InlineData(new[] { "/var/log" }, new string[0], Capabilities.DacReadSearch)]
    [InlineData(new string[0], new[] { "/srv" }, Capabilities.DacOverride)]
    [InlineData(new[] { "/var/log" }, new[] { "/srv" }, Capabilities.DacReadSearch | Capabilities.DacOverride)]
    [InlineData(new[] { "/processes", "/system", "/devices" }, new string[0], Capabilities.DacReadSearch)]
    [InlineData(new[] { "/" }, new string[0], Capabilities.All)]
    [InlineData(new[] { "/var/log", "/proc" }, new string[0], Capabilities.All)]
    [InlineData(new[] { "/dev/" }, new string[0], Capabilities.All)]
    [InlineData(new string[0], new[] { "/sys/kernel" }, Capabilities.All)]
    public void Files_with_a_rule_need_what_the_rule_leads_to(string[] read, string[] write, object needed)
    {
        AccessRules rules = new() { Profile = PolicyProfile.Backup, ReadPaths = read, WritePaths = write };

        Assert.Equal((Capabilities)needed, new PrivilegeTable(rules, new(() => false), new(() => false)).Of(CommandId.GuestFileOpen));
    }

    [Fact]
    public void Names_of_files_need_what_their_owners_may_and_attributes_an_owner_s_change()
    {
        AccessRules rules = new() { Profile = PolicyProfile.Backup, ReadPaths = ["/var/log"], WritePaths = ["/srv"] };
        PrivilegeTable table = new(rules, new(() => false), new(() => false));

        Assert.Equal(Capabilities.DacReadSearch, table.Of(CommandId.OrgGuestwireFileList));
        Assert.Equal(PrivilegeTable.FileNames, table.Of(CommandId.OrgGuestwireFileRemove));
        Assert.Equal(PrivilegeTable.FileNames | Capabilities.Chown, table.Of(CommandId.OrgGuestwireFileSetAttributes));
        Assert.Equal(Capabilities.None, table.Of(CommandId.OrgGuestwireGetProcesses));
    }

    [Fact]
    public void A_hook_may_need_anything_and_a_disk_s_health_needs_more_than_its_name()
    {
        PrivilegeTable plain = new(s_closed, hasHook: new(() => false), hasNvme: new(() => false));
        PrivilegeTable rich = new(s_closed, hasHook: new(() => true), hasNvme: new(() => true));

        Assert.Equal((PrivilegeTable.Freeze, Capabilities.All), (plain.Of(CommandId.GuestFsfreezeFreeze), rich.Of(CommandId.GuestFsfreezeFreeze)));
        Assert.Equal((false, true), (plain.RunsForeignPrograms(CommandId.GuestFsfreezeThaw), rich.RunsForeignPrograms(CommandId.GuestFsfreezeThaw)));
        Assert.Equal((Capabilities.None, Capabilities.SysAdmin), (plain.Of(CommandId.GuestGetDisks), rich.Of(CommandId.GuestGetDisks)));
    }
}
