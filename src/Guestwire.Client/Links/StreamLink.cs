using Guestwire.Protocol;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Client.Links;

/// <summary>
/// A link that is a stream of bytes: a socket or a serial port. Requests go out as they come, and replies come in the same order, as many at once
/// as callers like.
/// </summary>
/// <remarks>
/// <para>The stream may hold replies to somebody who was here before us, or to a call that we gave up on. So before the first command, and after each
/// that took too long, 0xFF goes out and a guest-sync-delimited with a number of its own; what comes before its reply is not for us. No command
/// follows until that reply has come: what nobody reads now would be carried out whenever an agent starts.</para>
/// </remarks>
internal sealed class StreamLink : GuestLink
{
    /// <summary>Bytes read at once: about what a UNIX socket holds.</summary>
    private const int ReadBytes = 256 * 1024;

    private readonly Stream _stream;
    private readonly GuestClientOptions _options;
    private readonly CancellationTokenSource _closing = new();
    private readonly FrameReader _frames = new();
    private readonly Task _reading;
    private readonly Lock _lock = new();

    // All below are guarded by _lock. Requests are written into _output while _sent is on its way; then the two change places.
    private readonly Queue<PendingCall> _pending = new();
    private ByteBuffer _output = new(wipes: true);
    private ByteBuffer _sent = new(wipes: true);
    private JsonWriter _writer;
    private JsonWriter _sentWriter;
    private Task _sending = Task.CompletedTask;
    private Exception? _failure;
    private SyncRequest? _sync;
    private TaskCompletionSource _inStep = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOutOfStep = true;

    /// <summary>Takes a stream over.</summary>
    internal StreamLink(Stream stream, GuestClientOptions options)
    {
        _stream = stream;
        _options = options;
        _writer = new JsonWriter(_output);
        _sentWriter = new JsonWriter(_sent);

        // A thread of its own: there are streams that wait on the spot.
        _reading = Task.Factory.StartNew(ReadAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <inheritdoc/>
    internal override int MaxPipelined => 16;

    /// <inheritdoc/>
    internal override bool IsBroken
    {
        get
        {
            lock (_lock)
            {
                return _failure is not null;
            }
        }
    }

    /// <inheritdoc/>
    internal override async ValueTask SendAsync(PendingCall call, TimeSpan timeout, CancellationToken cancellation)
    {
        while (!TrySend(call, out Task inStep))
        {
            try
            {
                await inStep.WaitAsync(_options.SyncTimeout, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                OutOfStep(inStep);
                throw new TimeoutException($"the agent does not answer: no reply within {_options.SyncTimeout.TotalSeconds} seconds");
            }
        }
    }

    /// <inheritdoc/>
    internal override void GiveUp(PendingCall call)
    {
        lock (_lock)
        {
            if (!_pending.Contains(call))
            {
                return;
            }

            _isOutOfStep = true;
            if (_sending.IsCompleted)
            {
                return;
            }
        }

        // Nobody takes what we send. What is left of it must not be carried out at some later time.
        Break(new IOException("the agent does not read what is sent to it"));
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        Break(new IOException("the connection to the agent is closed"));
        await _reading.ConfigureAwait(false);
        Task sending;
        lock (_lock)
        {
            sending = _sending;
        }

        await sending.ConfigureAwait(false);
        _frames.Dispose();
        ((IDisposable)_output).Dispose();
        ((IDisposable)_sent).Dispose();
        _closing.Dispose();
    }

    /// <summary>Sends a request when both ends are in step; else starts to bring them there.</summary>
    private bool TrySend(PendingCall call, out Task inStep)
    {
        lock (_lock)
        {
            ThrowIfBroken();
            if (_isOutOfStep)
            {
                Sync();
            }

            inStep = _inStep.Task;
            if (_sync is not null)
            {
                return false;
            }

            Write(call);
            _pending.Enqueue(call);
            Send();
            return true;
        }
    }

    private void Write(PendingCall call)
    {
        int start = _output.Count;
        try
        {
            call.WriteRequest(_writer);
            (call as SilentCall)?.WriteSync(_writer);
        }
        catch
        {
            // What it is made of could not be had. Half a request must not go out before the next one.
            _output.Truncate(start);
            _writer.Restart();
            throw;
        }
    }

    private void ThrowIfBroken()
    {
        if (_failure is not null)
        {
            throw new IOException(_failure.Message, _failure);
        }
    }

    private void Sync()
    {
        while (_pending.TryDequeue(out PendingCall? lost))
        {
            lost.Fail(new IOException($"the reply to {lost.Command} was given up, since one before it took too long"));
        }

        _isOutOfStep = false;
        _sync = new SyncRequest();
        if (_inStep.Task.IsCompleted)
        {
            // Else those who wait for a sync before this one wait for this one.
            _inStep = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _output.Append(ResponseWriter.Sentinel);
        _sync.Write(_writer);
        Send();
    }

    private void OutOfStep(Task inStep)
    {
        lock (_lock)
        {
            // Unless somebody else has noticed before.
            _isOutOfStep |= inStep == _inStep.Task && _sync is not null;
        }
    }

    private void Send()
    {
        if (_sending.IsCompleted)
        {
            _sending = SendAllAsync();
        }
    }

    private async Task SendAllAsync()
    {
        // Not on the caller's time, and not under its lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                lock (_lock)
                {
                    _sent.Clear();
                    if (_output.Count == 0 || _failure is not null)
                    {
                        _sending = Task.CompletedTask;
                        return;
                    }

                    (_output, _sent) = (_sent, _output);
                    (_writer, _sentWriter) = (_sentWriter, _writer);
                }

                await _stream.WriteAsync(_sent.Slice(0, _sent.Count), _closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Break(new IOException($"the agent cannot be reached any more: {exception.Message}", exception));
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                int count = await _stream.ReadAsync(_frames.GetMemory(ReadBytes), _closing.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    Break(new IOException("the agent's end of the connection was closed"));
                    return;
                }

                _frames.Advance(count);
                while (_frames.Read(out JsonValue reply, out string? error) is FrameStatus status && status != FrameStatus.NeedMoreData)
                {
                    Take(status, reply, error);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Break(new IOException($"the agent cannot be reached any more: {exception.Message}", exception));
        }
    }

    private void Take(FrameStatus status, JsonValue reply, string? error)
    {
        PendingCall? call = null;
        lock (_lock)
        {
            if (_sync is not null)
            {
                if (status != FrameStatus.Error && _sync.IsAnsweredBy(reply))
                {
                    _sync = null;

                    // Unless the link broke while its last bytes are looked at.
                    _inStep.TrySetResult();
                }

                return;
            }

            if (status == FrameStatus.Error && error == FrameReader.SentinelError)
            {
                // It stands before the reply to a sync.
                return;
            }

            if (status != FrameStatus.Error && !_pending.TryPeek(out call))
            {
                return;
            }
        }

        if (call is null)
        {
            // Replies come in order, and nobody can tell whose this one was.
            Break(new IOException($"what the agent sent is no reply: {error}"));
            return;
        }

        // Without the lock: it may take a while to decode.
        if (call.Take(reply))
        {
            lock (_lock)
            {
                if (_pending.TryPeek(out PendingCall? first) && first == call)
                {
                    _pending.Dequeue();
                }
            }
        }
    }

    /// <summary>Ends the link: all who wait are told.</summary>
    private void Break(IOException reason)
    {
        PendingCall[] calls;
        lock (_lock)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = reason;
            calls = [.. _pending];
            _pending.Clear();
            _inStep.TrySetException(reason);
            _ = _inStep.Task.Exception;
        }

        _closing.Cancel();
        _stream.Dispose();
        foreach (PendingCall call in calls)
        {
            call.Fail(reason);
        }
    }
}
