using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests.Policy;

public sealed class CommandPolicyTests
{
    private readonly FreezeState _freeze = new();

    [Fact]
    public void Without_lists_everything_that_the_platform_has_is_enabled()
    {
        CommandPolicy policy = new(new AllBut(CommandId.GuestSuspendDisk), [], [], AccessRules.None, _freeze);

        Assert.All(Enum.GetValues<CommandId>(), id => Assert.Equal(id != CommandId.GuestSuspendDisk, policy.IsEnabled(id)));
        Assert.All(Enum.GetValues<CommandId>(), id => Assert.Equal(id != CommandId.GuestSuspendDisk, policy.IsSupported(id)));
    }

    [Fact]
    public void A_blocked_command_exists_and_is_not_enabled()
    {
        CommandPolicy policy = new(new AllBut(), ["guest-ping", "no-such-command", ""], [], AccessRules.None, _freeze);

        Assert.True(policy.IsSupported(CommandId.GuestPing));
        Assert.False(policy.IsEnabled(CommandId.GuestPing));
        Assert.True(policy.IsEnabled(CommandId.GuestSync));
    }

    [Fact]
    public void With_an_allow_list_only_what_is_on_it_is_enabled()
    {
        CommandPolicy policy = new(new AllBut(), [], ["guest-ping", " guest-sync"], AccessRules.None, _freeze);

        Assert.Equal([CommandId.GuestPing], Enum.GetValues<CommandId>().Where(policy.IsEnabled));
    }

    [Fact]
    public void Blocked_wins_over_allowed()
    {
        CommandPolicy policy = new(new AllBut(), ["guest-ping"], ["guest-ping", "guest-sync"], AccessRules.None, _freeze);

        Assert.Equal([CommandId.GuestSync], Enum.GetValues<CommandId>().Where(policy.IsEnabled));
    }

    [Fact]
    public void An_allow_list_does_not_bring_what_the_platform_lacks()
    {
        CommandPolicy policy = new(new AllBut(CommandId.GuestPing), [], ["guest-ping"], AccessRules.None, _freeze);

        Assert.False(policy.IsEnabled(CommandId.GuestPing));
        Assert.False(policy.IsSupported(CommandId.GuestPing));
    }

    [Fact]
    public void While_frozen_what_touches_no_disk_runs_even_if_blocked_and_nothing_else_does()
    {
        CommandPolicy policy = new(new AllBut(CommandId.GuestSync), ["guest-ping"], ["guest-exec"], AccessRules.None, _freeze);

        _freeze.IsFrozen = true;

        Assert.Equal(
            Enum.GetValues<CommandId>().Where(id => CommandTable.Get(id).AllowedWhileFrozen && id != CommandId.GuestSync),
            Enum.GetValues<CommandId>().Where(policy.IsEnabled));
        Assert.True(policy.IsEnabled(CommandId.GuestPing));

        _freeze.IsFrozen = false;
        Assert.Equal([CommandId.GuestExec], Enum.GetValues<CommandId>().Where(policy.IsEnabled));
    }

    private sealed class AllBut(params CommandId[] missing) : IPlatformCapabilities
    {
        public bool Supports(CommandId command) => !missing.Contains(command);
    }
}
