using System.Runtime.CompilerServices;
using Guestwire.Protocol;

namespace Guestwire.Client.Programs;

/// <summary>
/// A program whose agent streams. Cursors say how far both sides have come, so a request whose reply got lost is asked again, and nothing is
/// missing or there twice.
/// </summary>
internal sealed class StreamingProcess(GuestClient client, long id, bool hasInput) : GuestProcess
{
    /// <summary>Bytes written at once.</summary>
    private const int WriteBytes = 256 * 1024;

    /// <summary>How often a request is sent until its reply has to come.</summary>
    private const int MaxTries = 3;

    /// <summary>How long the agent waits for output, in milliseconds: whoever shares the channel has to wait as long, at most.</summary>
    private const int Patience = 1000;

    /// <summary>How long it waits while input may come that it would hold up.</summary>
    private const int InputPatience = 50;

    private readonly TaskCompletionSource<GuestExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _written;
    private bool _inputIsOpen = hasInput;
    private bool _isRead;

    /// <inheritdoc/>
    public override long Id => id;

    /// <inheritdoc/>
    public override bool IsStreaming => true;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<GuestOutput> ReadOutputAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        _isRead = true;
        long outCursor = 0;
        long errCursor = 0;
        GuestwireExecOutput output;
        do
        {
            int wait = _inputIsOpen ? InputPatience : Patience;
            output = await RepeatAsync(
                () => client.OrgGuestwireExecReadAsync(id, outCursor, errCursor, null, wait, cancellation), cancellation).ConfigureAwait(false);
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
        }
        while (!(output.Exited && output.OutEnded && output.ErrEnded));

        _exit.TrySetResult(new GuestExit((int?)output.Exitcode, (int?)output.Signal));
        await ForgetAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task<GuestExit> WaitAsync(CancellationToken cancellation)
    {
        if (!_isRead)
        {
            await foreach (GuestOutput dropped in ReadOutputAsync(cancellation).ConfigureAwait(false))
            {
                _ = dropped;
            }
        }

        return await _exit.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> WriteInputAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty && _inputIsOpen)
        {
            ReadOnlyMemory<byte> piece = bytes[..Math.Min(bytes.Length, WriteBytes)];
            long before = _written;
            await WriteAsync(piece, isEnd: false, cancellation).ConfigureAwait(false);
            bytes = bytes[(int)(_written - before)..];
        }

        return _inputIsOpen;
    }

    /// <inheritdoc/>
    public override async ValueTask CompleteInputAsync(CancellationToken cancellation)
    {
        if (_inputIsOpen)
        {
            await WriteAsync(ReadOnlyMemory<byte>.Empty, isEnd: true, cancellation).ConfigureAwait(false);
            _inputIsOpen = false;
        }
    }

    /// <inheritdoc/>
    public override Task SignalAsync(int signal, CancellationToken cancellation) => client.OrgGuestwireExecSignalAsync(id, signal, cancellation);

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, bool isEnd, CancellationToken cancellation)
    {
        long cursor = _written;
        GuestwireExecInput input = await RepeatAsync(
            () => client.OrgGuestwireExecWriteAsync(id, bytes, cursor, isEnd, InputPatience, cancellation), cancellation).ConfigureAwait(false);
        _written = input.Cursor;
        _inputIsOpen &= input.Open;
    }

    /// <summary>Asks again when the reply got lost: the agent was away for a moment, or the connection broke.</summary>
    private static async Task<T> RepeatAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await ask().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or TimeoutException && tries < MaxTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 * tries), cancellation).ConfigureAwait(false);
            }
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
