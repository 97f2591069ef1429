using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Channels;

/// <summary>A serial line, set to pass every byte as it is. Source: termios(3).</summary>
[SupportedOSPlatform("linux")]
internal sealed class IsaSerialChannel : Channel
{
    private const uint InputProcessing =
        Libc.IGNBRK | Libc.BRKINT | Libc.IGNPAR | Libc.PARMRK | Libc.INPCK | Libc.ISTRIP | Libc.INLCR | Libc.IGNCR
        | Libc.ICRNL | Libc.IXON | Libc.IXOFF | Libc.IXANY | Libc.IMAXBEL;

    private IsaSerialChannel(SafeFileHandle line)
        : base(line)
    {
    }

    /// <summary>Opens a line and makes it transparent; what it had received before is dropped.</summary>
    /// <exception cref="ChannelException">There is no such device, or it is no terminal.</exception>
    internal static IsaSerialChannel Open(string path)
    {
        SafeFileHandle line = Libc.Open(path, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC | Libc.O_NOCTTY, 0);
        if (line.IsInvalid)
        {
            throw new ChannelException($"error opening channel '{path}': {Errno.Text(Errno.Last)}");
        }

        if (Libc.GetTerminal(line, out Libc.Termios settings) < 0)
        {
            string why = Errno.Text(Errno.Last);
            line.Dispose();
            throw new ChannelException($"'{path}' is not a serial line: {why}");
        }

        MakeTransparent(ref settings);
        Libc.FlushTerminal(line, Libc.TCIFLUSH);
        Libc.SetTerminal(line, Libc.TCSANOW, ref settings);
        return new IsaSerialChannel(line);
    }

    /// <inheritdoc/>
    internal override HostLeft WhenHostLeaves => HostLeft.NeedsReopen;

    // Unsafe: the control characters are a fixed array inside the struct, indexed by constants below its length.
    private static unsafe void MakeTransparent(ref Libc.Termios settings)
    {
        settings.InputFlags &= ~InputProcessing;
        settings.OutputFlags = 0;
        settings.LocalFlags = 0;

        // The speed is a number and not a set of bits: or-ed into another one it would make a third.
        settings.ControlFlags = (settings.ControlFlags & ~(Libc.CBAUD | Libc.CSIZE | Libc.PARENB)) | Libc.B38400 | Libc.CS8;
        settings.ControlCharacters[Libc.VMIN] = 1;
        settings.ControlCharacters[Libc.VTIME] = 0;
    }
}
