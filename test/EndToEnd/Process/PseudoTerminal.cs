using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EndToEnd.ProcessSuite;

/// <summary>A serial line of which we hold the host's end. Source: pty(7).</summary>
internal sealed class PseudoTerminal : IDisposable
{
    internal PseudoTerminal()
        : this(new SafeFileHandle(NativeCalls.OpenTerminal(NativeCalls.O_RDWR | NativeCalls.O_NOCTTY | NativeCalls.O_CLOEXEC), ownsHandle: true))
    {
    }

    /// <summary>Makes one of another instance of the file system of terminals.</summary>
    /// <param name="multiplexer">That instance's <c>ptmx</c>.</param>
    internal PseudoTerminal(string multiplexer)
        : this(File.OpenHandle(multiplexer, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
    {
    }

    private PseudoTerminal(SafeFileHandle master)
    {
        Assert.Equal(0, NativeCalls.Unlock(master));
        byte[] name = new byte[64];
        Assert.Equal(0, NativeCalls.NameOf(master, name, name.Length));
        Path = Encoding.ASCII.GetString(name.AsSpan(0, name.AsSpan().IndexOf((byte)0)));
        Link = new HostLink(new FileStream(master, FileAccess.ReadWrite, bufferSize: 0));
    }

    /// <summary>The guest's end.</summary>
    internal string Path { get; }

    /// <summary>The host's end.</summary>
    internal HostLink Link { get; }

    /// <summary>Hangs up.</summary>
    public void Dispose() => Link.Dispose();
}
