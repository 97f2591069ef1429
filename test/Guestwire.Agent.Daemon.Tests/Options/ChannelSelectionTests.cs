using Guestwire.Agent.Daemon.Options;

namespace Guestwire.Agent.Daemon.Tests.Options;

public sealed class ChannelSelectionTests
{
    [Theory]
    [InlineData("virtio-serial", "/dev/virtio-ports/org.qemu.guest_agent.0")]
    [InlineData("isa-serial", "/dev/ttyS0")]
    public void A_device_has_a_default_path(string method, string expected)
    {
        Assert.True(ChannelSelection.TryComplete(new AgentOptions { Method = method }, null, out AgentOptions options, out _));
        Assert.Equal(expected, options.Path);
    }

    [Theory]
    [InlineData("unix-listen")]
    [InlineData("vsock-listen")]
    [InlineData("bogus")]
    [InlineData("")]
    public void Everything_else_needs_one(string method)
    {
        Assert.False(ChannelSelection.TryComplete(new AgentOptions { Method = method }, null, out _, out string? reason));
        Assert.Equal("must specify a path for this channel", reason);
    }

    [Fact]
    public void A_bogus_method_with_a_path_is_found_out_later() =>
        Assert.True(ChannelSelection.TryComplete(new AgentOptions { Method = "bogus", Path = "x" }, null, out _, out _));

    [Fact]
    public void A_socket_that_was_handed_over_overrides_method_and_path()
    {
        var asked = new AgentOptions { Method = "isa-serial", Path = "/dev/ttyS9" };
        Assert.True(ChannelSelection.TryComplete(asked, ChannelMethod.VsockListen, out AgentOptions options, out _));
        Assert.Equal(("vsock-listen", null), (options.Method, options.Path));
    }

    [Theory]
    [InlineData("x", "/start/x")]
    [InlineData("../x", "/start/../x")]
    [InlineData("/x", "/x")]
    [InlineData("", "")]
    public void A_daemon_keeps_its_paths_when_it_leaves_its_directory(string path, string expected)
    {
        var asked = new AgentOptions { Path = path, PidFile = path, StateDirectory = path, FsfreezeHook = path };
        AgentOptions options = AbsolutePaths.Of(asked, "/start");
        Assert.Equal(
            (expected, expected, expected, expected), (options.Path, options.PidFile, options.StateDirectory, options.FsfreezeHook));
    }

    [Fact]
    public void A_vsock_address_is_no_path() =>
        Assert.Equal("3:1024", AbsolutePaths.Of(new AgentOptions { Method = "vsock-listen", Path = "3:1024" }, "/start").Path);
}
