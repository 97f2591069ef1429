using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Channels;

/// <summary>A port of a virtio console device. Source: Linux, drivers/char/virtio_console.c.</summary>
/// <remarks>
/// While no host has the port open it reads as ended and polls as hung up, for ever, so poll(2) would return at once again and
/// again. Through an edge-triggered epoll set the same port stays silent until something changes; that set is what the
/// loop watches while the host is away, and so waiting costs nothing.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class VirtioSerialChannel : Channel
{
    private readonly SafeFileHandle _port;
    private SafeFileHandle? _changes;

    private VirtioSerialChannel(SafeFileHandle port)
        : base(port) => _port = port;

    /// <summary>Opens a port.</summary>
    /// <exception cref="ChannelException">There is no such port, or somebody else has it.</exception>
    internal static VirtioSerialChannel Open(string path)
    {
        SafeFileHandle port = Libc.Open(path, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC | Libc.O_NOCTTY, 0);
        return port.IsInvalid
            ? throw new ChannelException($"error opening channel '{path}': {Errno.Text(Errno.Last)}")
            : new VirtioSerialChannel(port);
    }

    /// <inheritdoc/>
    internal override HostLeft WhenHostLeaves => HostLeft.LeavesPortOpen;

    /// <inheritdoc/>
    internal override int Descriptor => _changes is null ? base.Descriptor : (int)_changes.DangerousGetHandle();

    /// <inheritdoc/>
    internal override bool IsHostAway => _changes is not null;

    /// <inheritdoc/>
    internal override void HostWentAway()
    {
        _changes = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
        Libc.EpollEvent interest = new() { Events = Libc.EPOLLIN | Libc.EPOLLET };
        Libc.EpollControl(_changes, Libc.EPOLL_CTL_ADD, _port, ref interest);
    }

    /// <inheritdoc/>
    internal override bool HostIsBack()
    {
        Libc.EpollWait(_changes!, out _, 1, 0);
        Span<Libc.PollFd> now = [new() { Descriptor = base.Descriptor, Events = Libc.POLLIN }];
        Libc.Poll(now, 1, 0);
        if ((now[0].Returned & Libc.POLLHUP) != 0)
        {
            return false;
        }

        _changes!.Dispose();
        _changes = null;
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _changes?.Dispose();
        base.Dispose();
    }
}
