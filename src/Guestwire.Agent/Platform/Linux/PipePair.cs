using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>A pipe between us and a program about to start. Disposing of it closes the program's end, and ours unless it was taken.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PipePair : IDisposable
{
    private SafeFileHandle _theirs;
    private SafeFileHandle? _ours;

    private PipePair(SafeFileHandle ours, SafeFileHandle theirs)
    {
        _ours = ours;
        _theirs = theirs;
    }

    /// <summary>The program's end, for the child to inherit as another number.</summary>
    internal int Theirs => (int)_theirs.DangerousGetHandle();

    /// <summary>Makes a pipe; our end never waits.</summary>
    /// <exception cref="Protocol.QapiException">GenericError: too many files are open.</exception>
    // Unsafe: pipe2 writes two integers into the array of two.
    internal static unsafe PipePair Open(bool oursIsReadEnd)
    {
        int* ends = stackalloc int[2];
        if (Libc.Pipe(ends, Libc.O_CLOEXEC) < 0)
        {
            throw Errno.ToQapi("cannot create pipe FDs");
        }

        SafeFileHandle ours = new(ends[oursIsReadEnd ? 0 : 1], ownsHandle: true);
        Libc.Fcntl(ours, Libc.F_SETFL, Libc.O_NONBLOCK | (oursIsReadEnd ? Libc.O_RDONLY : Libc.O_WRONLY));
        return new PipePair(ours, new SafeFileHandle(ends[oursIsReadEnd ? 1 : 0], ownsHandle: true));
    }

    /// <summary>Our end, from now on the caller's.</summary>
    internal SafeFileHandle TakeOurs()
    {
        SafeFileHandle ours = _ours ?? throw new InvalidOperationException("the end was taken before");
        _ours = null;
        return ours;
    }

    /// <summary>The program's end, from now on the caller's.</summary>
    internal SafeFileHandle TakeTheirs()
    {
        SafeFileHandle theirs = _theirs;
        _theirs = new SafeFileHandle();
        return theirs;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _theirs.Dispose();
        _ours?.Dispose();
    }
}
