using Guestwire.Agent.Commands;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Tests;

/// <summary>A file on a disk that gives so much and then hangs, until the test opens the gate.</summary>
internal sealed class GatedFiles : IFileCommands, IDisposable
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _gate = new(0);

    /// <inheritdoc/>
    public GuestFileRead GuestFileRead(GuestFileReadArguments arguments) =>
        new() { BufB64 = new Content((int)arguments.Count!, this), Count = 0, Eof = false };

    /// <inheritdoc/>
    public long GuestFileOpen(GuestFileOpenArguments arguments) => 1;

    /// <inheritdoc/>
    public void GuestFileClose(GuestFileCloseArguments arguments)
    {
    }

    /// <inheritdoc/>
    public GuestFileWrite GuestFileWrite(GuestFileWriteArguments arguments) => throw new NotSupportedException();

    /// <inheritdoc/>
    public GuestFileSeek GuestFileSeek(GuestFileSeekArguments arguments) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void GuestFileFlush(GuestFileFlushArguments arguments) => throw new NotSupportedException();

    /// <summary>Waits until a read hangs.</summary>
    internal void WaitUntilEntered() => _entered.Wait();

    /// <inheritdoc/>
    public void Dispose()
    {
        _gate.Release();
        _entered.Dispose();
    }

    private sealed class Content(int bytes, GatedFiles disk) : Base64Source
    {
        private int _left = bytes;

        public override int Read(Span<byte> destination)
        {
            if (_left == 0)
            {
                disk._entered.Release();
                disk._gate.Wait();
                return 0;
            }

            int count = Math.Min(_left, destination.Length);
            destination[..count].Clear();
            _left -= count;
            return count;
        }
    }
}
