using System.Runtime.CompilerServices;
using Guestwire.Protocol;

namespace Guestwire.Client.Programs;

/// <summary>
/// A program whose agent streams. Cursors say how far both sides have come, so a request whose reply got lost is asked again, and nothing is
/// missing or there twice.
/// </summary>
internal sealed class StreamingProcess(GuestClient client, long id, bool hasInput) : GuestProcess
{
    /// <summary>Bytes written at once, where the link takes so many.</summary>
    private const int WriteBytes = 256 * 1024;

    /// <summary>How long the agent waits for output, in milliseconds: a signal, and whoever shares the channel, has to wait as long, at most.</summary>
    private const int Patience = 250;

    /// <summary>How long it waits while input may come that it would hold up.</summary>
    private const int InputPatience = 50;

    /// <summary>Input flows as long as its last piece went so many milliseconds ago. Then nobody waits in the agent, where replies keep their order.</summary>
    private const int FlowTime = 250;

    /// <summary>The pause between two questions for output while input flows.</summary>
    private static readonly TimeSpan s_flowPause = TimeSpan.FromMilliseconds(5);

    /// <summary>What a writer leaves to a reader who makes room.</summary>
    private static readonly TimeSpan s_writePause = TimeSpan.FromMilliseconds(1);

    private long _written;
    private long _lastWriteTicks = long.MinValue / 2;
    private volatile bool _inputIsOpen = hasInput;
    private volatile bool _hasOutput;
    private volatile bool _hasEnded;

    /// <inheritdoc/>
    public override long Id => id;

    /// <inheritdoc/>
    public override bool IsStreaming => true;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<GuestOutput> ReadOutputAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        IsRead = true;
        long outCursor = 0;
        long errCursor = 0;
        GuestwireExecOutput output;
        while (true)
        {
            bool isFlowing = _inputIsOpen && Environment.TickCount64 - Volatile.Read(ref _lastWriteTicks) < FlowTime;
            int wait = !_inputIsOpen ? Patience : isFlowing ? 0 : InputPatience;
            output = await Repetition.RunAsync(
                () => client.OrgGuestwireExecReadAsync(id, outCursor, errCursor, null, wait, cancellation), cancellation).ConfigureAwait(false);
            _hasOutput = output.OutCursor > outCursor || output.ErrCursor > errCursor;
            outCursor = output.OutCursor;
            errCursor = output.ErrCursor;
            if (output.OutData is { } written)
            {
                yield return new GuestOutput(false, written.ToArray());
            }

            if (output.ErrData is { } complaint)
            {
                yield return new GuestOutput(true, complaint.ToArray());
            }

            if (output.Exited && output.OutEnded && output.ErrEnded)
            {
                break;
            }

            if (isFlowing && !_hasOutput)
            {
                await Task.Delay(s_flowPause, cancellation).ConfigureAwait(false);
            }
        }

        _hasEnded = true;
        Ended(new GuestExit((int?)output.Exitcode, (int?)output.Signal));
        await ForgetAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> WriteInputAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty && _inputIsOpen)
        {
            ReadOnlyMemory<byte> piece = bytes[..Math.Min(bytes.Length, Math.Min(WriteBytes, client.MaxSentBytes))];
            long before = _written;

            // A program that waits for its output to be read does not read its input: then its reader must not wait behind us.
            int wait = IsRead && _hasOutput ? 0 : InputPatience;
            await WriteAsync(piece, isEnd: false, wait, cancellation).ConfigureAwait(false);
            bytes = bytes[(int)(_written - before)..];
            if (_written == before && wait == 0)
            {
                await Task.Delay(s_writePause, cancellation).ConfigureAwait(false);
            }
        }

        return _inputIsOpen;
    }

    /// <inheritdoc/>
    public override async ValueTask CompleteInputAsync(CancellationToken cancellation)
    {
        if (_inputIsOpen)
        {
            await WriteAsync(ReadOnlyMemory<byte>.Empty, isEnd: true, 0, cancellation).ConfigureAwait(false);
            _inputIsOpen = false;
        }
    }

    /// <inheritdoc/>
    public override Task SignalAsync(int signal, CancellationToken cancellation) => client.OrgGuestwireExecSignalAsync(id, signal, cancellation);

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, bool isEnd, int wait, CancellationToken cancellation)
    {
        long cursor = _written;
        try
        {
            GuestwireExecInput input = await Repetition.RunAsync(
                () => client.OrgGuestwireExecWriteAsync(id, bytes, cursor, isEnd, wait, cancellation), cancellation).ConfigureAwait(false);
            _written = input.Cursor;
            Volatile.Write(ref _lastWriteTicks, Environment.TickCount64);
            if (!input.Open)
            {
                _inputIsOpen = false;
            }
        }
        catch (QapiException) when (_hasEnded)
        {
            // Forgotten, as its end was heard of meanwhile.
            _inputIsOpen = false;
        }
    }

    /// <summary>The agent keeps a program until somebody has heard of its end.</summary>
    private async Task ForgetAsync(CancellationToken cancellation)
    {
        try
        {
            await client.GuestExecStatusAsync(id, cancellation).ConfigureAwait(false);
        }
        catch (QapiException)
        {
            // Its reply got lost the first time.
        }
    }
}
