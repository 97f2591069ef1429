using System.Globalization;
using Guestwire.Client.Interop;
using Guestwire.Client.Links;
using Microsoft.Win32.SafeHandles;

// Tests of the command have this file too.
namespace Guestwire.Client.Tests.Transports;

/// <summary>A pair of terminals that are each other's ends. Source: pts(4).</summary>
internal sealed partial class Pseudoterminal : IDisposable
{
    // Source: asm-generic/ioctls.h.
    private const nuint TIOCGPTN = 0x80045430;
    private const nuint TIOCSPTLCK = 0x40045431;

    private readonly SafeFileHandle _master = Libc.Open("/dev/ptmx", Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC);

    internal Pseudoterminal()
    {
        int number = 0;
        Assert.Equal(0, Ioctl(_master, TIOCSPTLCK, ref number));
        Assert.Equal(0, Ioctl(_master, TIOCGPTN, ref number));
        Path = string.Create(CultureInfo.InvariantCulture, $"/dev/pts/{number}");
    }

    /// <summary>The end that a program opens as its terminal.</summary>
    internal string Path { get; }

    /// <summary>The other end; it has this descriptor from now on.</summary>
    internal Stream OpenMaster() => new DescriptorStream(_master);

    public void Dispose() => _master.Dispose();

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, ref int argument);
}
