using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Channels;

/// <summary>A port of a virtio console device. Source: Linux, drivers/char/virtio_console.c.</summary>
/// <remarks>
/// While no host has the port open it reads as ended and polls as hung up, for ever, so poll(2) would return at once again and
/// again. Through an edge-triggered epoll set the same port stays silent until something changes; that set is what the
/// loop watches while the host is away, and so waiting costs nothing. It is made with the channel: a host that leaves while no
/// descriptor is free must not be the last one that was heard.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class VirtioSerialChannel : Channel
{
    private const int UnreadBytes = 4096;

    private readonly SafeFileHandle _port;
    private readonly SafeFileHandle _changes;
    private bool _isHostAway;

    private VirtioSerialChannel(SafeFileHandle port, SafeFileHandle changes)
        : base(port)
    {
        _port = port;
        _changes = changes;
    }

    /// <summary>Opens a port.</summary>
    /// <exception cref="ChannelException">There is no such port, or somebody else has it.</exception>
    internal static VirtioSerialChannel Open(string path)
    {
        SafeFileHandle port = Libc.Open(path, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC | Libc.O_NOCTTY, 0);
        if (port.IsInvalid)
        {
            throw new ChannelException($"error opening channel '{path}': {Errno.Text(Errno.Last)}");
        }

        SafeFileHandle changes = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
        if (changes.IsInvalid)
        {
            string why = Errno.Text(Errno.Last);
            port.Dispose();
            throw new ChannelException($"error watching channel '{path}': {why}");
        }

        return new VirtioSerialChannel(port, changes);
    }

    /// <inheritdoc/>
    internal override HostLeft WhenHostLeaves => HostLeft.LeavesPortOpen;

    /// <inheritdoc/>
    internal override int Descriptor => _isHostAway ? (int)_changes.DangerousGetHandle() : base.Descriptor;

    /// <inheritdoc/>
    internal override bool IsHostAway => _isHostAway;

    /// <inheritdoc/>
    internal override void HostWentAway()
    {
        if (!_isHostAway)
        {
            Libc.EpollEvent interest = new() { Events = Libc.EPOLLIN | Libc.EPOLLET };
            Libc.EpollControl(_changes, Libc.EPOLL_CTL_ADD, _port, ref interest);
            _isHostAway = true;
        }
    }

    /// <inheritdoc/>
    internal override void DropUnread()
    {
        Span<byte> unread = stackalloc byte[UnreadBytes];
        while (IsHungUp() && Libc.Read(_port, unread) > 0)
        {
        }
    }

    /// <inheritdoc/>
    internal override bool HostIsBack()
    {
        Libc.EpollWait(_changes, out _, 1, 0);
        if (IsHungUp() && !IsRemoved())
        {
            return false;
        }

        Libc.EpollEvent none = default;
        Libc.EpollControl(_changes, Libc.EPOLL_CTL_DEL, _port, ref none);
        _isHostAway = false;
        return true;
    }

    // A port that was taken from the machine polls as one without a host, but cannot be read: the session must hear of it, too.
    private bool IsRemoved() => Libc.Read(_port, []) < 0;

    /// <inheritdoc/>
    internal override bool IsHungUp()
    {
        Span<Libc.PollFd> now = [new() { Descriptor = base.Descriptor, Events = Libc.POLLIN }];
        Libc.Poll(now, 1, 0);
        return (now[0].Returned & Libc.POLLHUP) != 0;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _changes.Dispose();
        base.Dispose();
    }
}
