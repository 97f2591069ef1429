using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class LinuxCapabilitiesTests
{
    [Fact]
    public void What_only_Windows_has_is_not_supported() => Assert.False(new LinuxCapabilities().Supports(CommandId.GuestGetDevices));

    [Fact]
    public void What_is_not_supported_throws_should_it_be_reached()
    {
        QapiException error = Assert.Throws<QapiException>(() => new DeviceCommands().GuestGetDevices());

        Assert.Equal("this feature or command is not currently supported", error.Message);
        Assert.Equal(IPlatformCapabilities.NotSupported().Message, error.Message);
    }

    [Fact]
    public void Commands_that_only_read_are_supported_wherever_the_schema_has_them_but_for_keys()
    {
        LinuxCapabilities capabilities = new();
        foreach (CommandInfo command in CommandTable.All)
        {
            if (command.ReadOnly && command.Platforms.HasFlag(CommandPlatforms.Linux)
                && command.Id != CommandId.GuestSshGetAuthorizedKeys)
            {
                Assert.True(capabilities.Supports(command.Id), command.Name);
            }
        }
    }
}
