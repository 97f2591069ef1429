using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests.State;

public sealed class CommandPolicyTests
{
    [Fact]
    public void Without_lists_everything_that_the_platform_has_is_enabled()
    {
        CommandPolicy policy = new(new AllBut(CommandId.GuestSuspendDisk), [], []);

        Assert.All(Enum.GetValues<CommandId>(), id => Assert.Equal(id != CommandId.GuestSuspendDisk, policy.IsEnabled(id)));
        Assert.All(Enum.GetValues<CommandId>(), id => Assert.Equal(id != CommandId.GuestSuspendDisk, policy.IsSupported(id)));
    }

    [Fact]
    public void A_blocked_command_exists_and_is_not_enabled()
    {
        CommandPolicy policy = new(new AllBut(), ["guest-ping", "no-such-command", ""], []);

        Assert.True(policy.IsSupported(CommandId.GuestPing));
        Assert.False(policy.IsEnabled(CommandId.GuestPing));
        Assert.True(policy.IsEnabled(CommandId.GuestSync));
    }

    [Fact]
    public void With_an_allow_list_only_what_is_on_it_is_enabled()
    {
        CommandPolicy policy = new(new AllBut(), [], ["guest-ping", " guest-sync"]);

        Assert.Equal([CommandId.GuestPing], Enum.GetValues<CommandId>().Where(policy.IsEnabled));
    }

    [Fact]
    public void Blocked_wins_over_allowed()
    {
        CommandPolicy policy = new(new AllBut(), ["guest-ping"], ["guest-ping", "guest-sync"]);

        Assert.Equal([CommandId.GuestSync], Enum.GetValues<CommandId>().Where(policy.IsEnabled));
    }

    [Fact]
    public void An_allow_list_does_not_bring_what_the_platform_lacks()
    {
        CommandPolicy policy = new(new AllBut(CommandId.GuestPing), [], ["guest-ping"]);

        Assert.False(policy.IsEnabled(CommandId.GuestPing));
        Assert.False(policy.IsSupported(CommandId.GuestPing));
    }

    private sealed class AllBut(params CommandId[] missing) : IPlatformCapabilities
    {
        public bool Supports(CommandId command) => !missing.Contains(command);
    }
}
