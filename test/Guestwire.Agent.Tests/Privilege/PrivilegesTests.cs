using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Policy;
using Guestwire.Agent.Privilege;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests.Privilege;

public sealed class PrivilegesTests
{
    private const Capabilities Freeze = PrivilegeTable.Freeze;

    [Theory]
    [InlineData("full", Capabilities.All, false)]
    [InlineData("managed", Freeze | Capabilities.SysTime | Capabilities.SysBoot, true)]
    [InlineData("backup", Freeze, true)]
    [InlineData("readonly", Capabilities.DacReadSearch, true)]
    public void A_profile_keeps_what_its_commands_need(string profile, object kept, bool noNewPrivileges) =>
        Assert.Equal(
            new Privileges((Capabilities)kept, noNewPrivileges), Of(new AccessRules { Profile = PolicyProfileNames.Parse(profile)!.Value }));

    [Fact]
    public void A_program_that_hosts_may_run_keeps_everything_and_one_that_a_list_blocks_does_not()
    {
        AccessRules rules = new() { Profile = PolicyProfile.ReadOnly, Programs = [new ExecRule { Name = "id", Program = "/usr/bin/id" }] };

        Assert.True(Of(rules).AreAll);
        Assert.Equal(new Privileges(Capabilities.DacReadSearch, true), Of(rules, blocked: ["guest-exec"]));
    }

    [Fact]
    public void An_agent_without_programs_that_opens_any_file_keeps_capabilities_but_gains_no_more() =>
        Assert.Equal(new Privileges(Capabilities.All, true), Of(AccessRules.None, blocked: ["guest-exec"]));

    [Fact]
    public void An_allow_list_of_harmless_commands_leaves_nothing() =>
        Assert.Equal(new Privileges(Capabilities.None, true), Of(AccessRules.None, allowed: ["guest-ping", "guest-info"]));

    [Fact]
    public void What_may_be_frozen_can_be_thawed_whatever_is_closed()
    {
        AccessRules rules = new() { Profile = PolicyProfile.ReadOnly };

        Assert.Equal(new Privileges(Freeze, true), Of(rules, mustThaw: true));
        Assert.True(Of(rules, mustThaw: true, hasHook: true).AreAll);
        Assert.Equal(new Privileges(Capabilities.DacReadSearch, true), Of(rules, hasHook: true));
    }

    [Fact]
    public void Accounts_need_what_chpasswd_and_a_user_s_folder_need() =>
        Assert.Equal(
            Capabilities.DacReadSearch | Capabilities.Chown | Capabilities.DacOverride | Capabilities.FOwner | Capabilities.AuditWrite,
            Of(new AccessRules { Profile = PolicyProfile.ReadOnly, Users = ["alice"] }).Kept);

    private static Privileges Of(
        AccessRules rules, string[]? blocked = null, string[]? allowed = null, bool mustThaw = false, bool hasHook = false) =>
        Privileges.Of(
            new CommandPolicy(new LinuxCapabilities(), blocked ?? [], allowed ?? [], rules, new FreezeState()),
            new PrivilegeTable(rules, new(() => hasHook), hasNvme: new(() => false)),
            () => mustThaw);
}
