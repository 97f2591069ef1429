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
    public void Every_command_that_the_schema_has_for_Linux_is_supported() =>
        Assert.Equal(43 + 13, CommandTable.All.ToArray().Count(command => new LinuxCapabilities().Supports(command.Id)));
}
