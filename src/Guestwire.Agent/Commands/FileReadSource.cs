using System.Runtime.Versioning;
using Guestwire.Agent.State;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Commands;

/// <summary>
/// The bytes of one guest-file-read, read while the reply is written, so that a read of any size costs one piece of memory. The first
/// piece is read before the reply begins: an error there is still an error reply. A later one ends the read short, and the next
/// guest-file-read reports it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class FileReadSource : Base64Source
{
    private readonly OpenFile _file;
    private readonly GuestFileRead _reply;
    private readonly byte[] _first;
    private int _firstTaken;
    private long _remaining;
    private bool _ended;

    /// <summary>Bytes read before the reply begins.</summary>
    private const int FirstBytes = 4096;

    private FileReadSource(OpenFile file, int wanted)
    {
        _file = file;
        _first = new byte[Math.Min(wanted, FirstBytes)];
        bool atEnd = false;
        int count = wanted == 0 ? 0 : file.Read(_first, out atEnd);
        _ended = count < _first.Length;
        Array.Resize(ref _first, count);
        _remaining = wanted - count;
        _reply = new GuestFileRead { BufB64 = this, Count = 0, Eof = atEnd };
    }

    /// <summary>Begins to read.</summary>
    /// <exception cref="QapiException">GenericError: nothing could be read.</exception>
    internal static GuestFileRead Start(OpenFile file, int wanted) => new FileReadSource(file, wanted)._reply;

    /// <inheritdoc/>
    public override int Read(Span<byte> destination)
    {
        int taken = Math.Min(_first.Length - _firstTaken, destination.Length);
        _first.AsSpan(_firstTaken, taken).CopyTo(destination);
        _firstTaken += taken;
        int more = (int)Math.Min(destination.Length - taken, _remaining);
        if (more > 0 && !_ended)
        {
            int count = ReadMore(destination.Slice(taken, more));
            taken += count;
            _remaining -= count;
        }

        _reply.Count += taken;
        return taken;
    }

    private int ReadMore(Span<byte> destination)
    {
        try
        {
            int count = _file.Read(destination, out bool atEnd);
            _reply.Eof = atEnd;
            _ended = atEnd || count < destination.Length;
            return count;
        }
        catch (QapiException)
        {
            // The reply is half out; what was read stands, and the file still has its error for the next read.
            _ended = true;
            return 0;
        }
    }
}
