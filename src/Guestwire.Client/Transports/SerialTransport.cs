using System.Runtime.Versioning;
using Guestwire.Client.Interop;
using Guestwire.Client.Links;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Client;

/// <summary>A terminal that leads to the guest's port: the pty of a QEMU character device, or a serial line. Reached from Linux only.</summary>
/// <remarks>
/// The terminal is set to hand bytes through as they are, and stays so. It is locked with flock(2) while it is open, so that two clients do not take
/// each other's replies; a program that does not ask for that lock is not kept out. TIOCEXCL would not keep out root, which most of them run as.
/// </remarks>
/// <param name="Path">The device, such as <c>/dev/pts/3</c> or <c>/dev/ttyS0</c>.</param>
public sealed record SerialTransport(string Path) : GuestTransport
{
    /// <inheritdoc/>
    public override string ToString() => $"serial:{Path}";

    /// <inheritdoc/>
    internal override ValueTask<GuestLink> OpenAsync(GuestClientOptions options, CancellationToken cancellation) => OperatingSystem.IsLinux()
        ? ValueTask.FromResult<GuestLink>(new StreamLink(new DescriptorStream(Open()), options))
        : throw new IOException("serial ports can be opened on Linux only");

    [SupportedOSPlatform("linux")]
    private SafeFileHandle Open()
    {
        SafeFileHandle port = Libc.Open(Path, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (port.IsInvalid)
        {
            throw Failure();
        }

        try
        {
            if (Libc.Flock(port, Libc.LOCK_EX | Libc.LOCK_NB) != 0)
            {
                throw Libc.LastError == Libc.EAGAIN ? new IOException($"{Path} is in use by another program") : Failure();
            }

            MakeRaw(port);
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    [SupportedOSPlatform("linux")]
    private void MakeRaw(SafeFileHandle port)
    {
        // A port that is no terminal hands bytes through anyway.
        if (Libc.GetTerminal(port, out Libc.Termios settings) != 0)
        {
            return;
        }

        Libc.MakeRaw(ref settings);

        // Whether the other end is there the sync finds out; no modem's lines are waited for.
        settings.ControlFlags |= Libc.CLOCAL | Libc.CREAD;
        if (Libc.SetTerminal(port, Libc.TCSANOW, in settings) != 0)
        {
            throw Failure();
        }
    }

    [SupportedOSPlatform("linux")]
    private IOException Failure() => new($"cannot open {Path}: {Libc.TextOf(Libc.LastError)}");
}
