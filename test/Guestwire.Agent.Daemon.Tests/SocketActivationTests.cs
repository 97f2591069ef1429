using System.Net;
using System.Net.Sockets;

namespace Guestwire.Agent.Daemon.Tests;

public sealed class SocketActivationTests
{
    [Fact]
    public void A_listening_unix_socket_is_a_channel()
    {
        using var directory = new TemporaryDirectory();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(directory["socket"]));
        socket.Listen();

        Assert.True(SocketActivation.TryTakeFrom(Descriptor(socket), out ChannelMethod? method, out _));
        Assert.Equal(ChannelMethod.UnixListen, method);
    }

    [Fact]
    public void A_unix_socket_that_does_not_listen_is_none()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Assert.Equal("unsupported listen fd type", Refusal(Descriptor(socket)));
    }

    [Fact]
    public void A_socket_of_another_family_is_none()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        Assert.Equal("unsupported listen fd type", Refusal(Descriptor(socket)));
    }

    [Fact]
    public void A_file_is_none()
    {
        using FileStream file = File.OpenRead("/dev/null");
        Assert.Equal("unsupported listen fd type", Refusal((int)file.SafeFileHandle.DangerousGetHandle()));
    }

    [Fact]
    public void A_descriptor_that_is_not_open_is_told() => Assert.Equal(
        "Socket activation failed: invalid file descriptor fd = 1048000: Bad file descriptor", Refusal(1_048_000));

    private static int Descriptor(Socket socket) => (int)socket.Handle;

    private static string? Refusal(int descriptor)
    {
        Assert.False(SocketActivation.TryTakeFrom(descriptor, out _, out string? reason));
        return reason;
    }
}
