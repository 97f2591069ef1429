using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.State;

/// <summary>What a program reads from its standard input: written as fast as it reads, then closed.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ExecInput : IEventSource, IDisposable
{
    private readonly EventLoop _loop;
    private readonly SafeFileHandle _pipe;
    private readonly ByteBuffer _rest = new();

    /// <summary>Keeps a copy of these bytes: the frame they came in will be gone.</summary>
    internal ExecInput(EventLoop loop, SafeFileHandle pipe, ReadOnlyMemory<byte> bytes)
    {
        _loop = loop;
        _pipe = pipe;
        _rest.Append(bytes.Span);
    }

    /// <summary>Starts to feed them.</summary>
    internal void Watch() => _loop.Add(this);

    /// <inheritdoc/>
    public int Descriptor => (int)_pipe.DangerousGetHandle();

    /// <inheritdoc/>
    public short Events => Libc.POLLOUT;

    /// <inheritdoc/>
    public void OnReady(short happened)
    {
        int count = _rest.Count == 0 ? 0 : Libc.Write(_pipe, _rest.Bytes);
        if (count < 0 && Errno.Last == Errno.EAGAIN)
        {
            return;
        }

        if (count > 0)
        {
            _rest.Consume(count);
        }

        if (count < 0 || _rest.Count == 0)
        {
            // All is fed, or the program does not read any more.
            Dispose();
        }
    }

    /// <summary>Closes the program's input.</summary>
    public void Dispose()
    {
        _loop.Remove(this);
        _pipe.Dispose();
        ((IDisposable)_rest).Dispose();
    }
}
