using System.Net.Sockets;
using Guestwire.Agent.Channels;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Tests;

/// <summary>What a port is to a session. All its hosts are at one line's other end; the test says when the kernel tells of one.</summary>
internal sealed class FakePort : Channel
{
    private readonly Socket _line;
    private readonly SafeFileHandle _changes = Libc.EventFd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
    private readonly SafeFileHandle _hungUp;
    private bool _isHungUp;
    private bool _anotherIsThere;
    private bool _isHostAway;

    private FakePort(Host host, Socket line)
        : base(new SafeFileHandle(line.Handle, ownsHandle: false))
    {
        Host = host;
        _line = line;
        _line.Blocking = false;

        // A pipe that nobody can write to any more is hung up.
        using PipePair pipe = PipePair.Open(oursIsReadEnd: true);
        _hungUp = pipe.TakeOurs();
    }

    /// <summary>Whoever is there.</summary>
    internal Host Host { get; }

    /// <summary>How often it was to drop what lies there.</summary>
    internal int Drops { get; private set; }

    /// <summary>How often it was asked whether a host is there.</summary>
    internal int Looks { get; private set; }

    internal override HostLeft WhenHostLeaves => HostLeft.LeavesPortOpen;

    internal override int Descriptor =>
        _isHostAway ? (int)_changes.DangerousGetHandle()
        : _isHungUp ? (int)_hungUp.DangerousGetHandle()
        : base.Descriptor;

    internal override bool IsHostAway => _isHostAway;

    /// <param name="path">Where it makes a socket.</param>
    internal static FakePort At(string path)
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        return new FakePort(new Host(path), listener.Accept());
    }

    /// <summary>The kernel says that its host left, and a moment later perhaps that another one came.</summary>
    internal void Leave(bool anotherIsThere)
    {
        _isHungUp = true;
        _anotherIsThere = anotherIsThere;
    }

    /// <summary>The kernel says that a host came.</summary>
    internal void Arrive()
    {
        _isHungUp = false;
        TellOfChange();
    }

    /// <summary>Somebody came and left, before anybody looked.</summary>
    internal void ArriveAndLeave() => TellOfChange();

    internal override int Read(Span<byte> buffer)
    {
        int count = base.Read(buffer);
        return count < 0 && _isHungUp ? 0 : count;
    }

    internal override bool IsHungUp()
    {
        Looks++;
        _isHungUp &= !_anotherIsThere;
        return _isHungUp;
    }

    internal override void HostWentAway() => _isHostAway = true;

    internal override bool HostIsBack()
    {
        Looks++;
        Libc.Read(_changes, stackalloc byte[8]);
        _isHostAway = _isHungUp;
        return !_isHungUp;
    }

    internal override void DropUnread() => Drops++;

    public override void Dispose()
    {
        _changes.Dispose();
        _hungUp.Dispose();
        _line.Dispose();
        Host.Dispose();
        base.Dispose();
    }

    private void TellOfChange() => Libc.Write(_changes, [1, 0, 0, 0, 0, 0, 0, 0]);
}
