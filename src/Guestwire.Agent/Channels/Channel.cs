using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Channels;

/// <summary>A byte stream to a host, never waiting.</summary>
[SupportedOSPlatform("linux")]
internal abstract class Channel(SafeFileHandle file) : IDisposable
{
    /// <summary>What the end of input means here.</summary>
    internal abstract HostLeft WhenHostLeaves { get; }

    /// <summary>The descriptor to watch.</summary>
    internal virtual int Descriptor => (int)file.DangerousGetHandle();

    /// <summary>Whether there is nobody to talk to: watch for input only, and ask <see cref="HostIsBack"/> when there is some.</summary>
    internal virtual bool IsHostAway => false;

    /// <summary>Whether somebody took the port up again.</summary>
    internal virtual bool HostIsBack() => true;

    /// <summary>Whether nobody has a port open at this moment.</summary>
    internal virtual bool IsHungUp() => true;

    /// <summary>Told when the input ended on a port that stays open.</summary>
    internal virtual void HostWentAway()
    {
    }

    /// <summary>Drops what a port still has of a host that is away.</summary>
    internal virtual void DropUnread()
    {
    }

    /// <summary>Reads what there is.</summary>
    /// <returns>The number of bytes, 0 at the end of input, -1 when there is nothing now (<see cref="Errno.EAGAIN"/>) or the channel failed.</returns>
    internal virtual int Read(Span<byte> buffer) => Libc.Read(file, buffer);

    /// <summary>Writes what fits.</summary>
    /// <returns>The number of bytes, or -1 when nothing fits now (<see cref="Errno.EAGAIN"/>) or the channel failed.</returns>
    internal int Write(ReadOnlySpan<byte> buffer) => Libc.Write(file, buffer);

    /// <summary>Waits until more can be written. For threads that may wait.</summary>
    /// <returns>False when it did not come to that in time, or never will.</returns>
    internal bool WaitForRoom(int timeoutMilliseconds)
    {
        Span<Libc.PollFd> room = [new() { Descriptor = (int)file.DangerousGetHandle(), Events = Libc.POLLOUT }];
        return Libc.Poll(room, 1, timeoutMilliseconds) > 0 && (room[0].Returned & (Libc.POLLOUT | Libc.POLLHUP)) == Libc.POLLOUT;
    }

    /// <inheritdoc/>
    public virtual void Dispose() => file.Dispose();
}
