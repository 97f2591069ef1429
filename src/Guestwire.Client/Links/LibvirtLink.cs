using Guestwire.Client.Interop;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Client.Links;

/// <summary>
/// A link through libvirt, which holds the agent's socket itself and takes one request after the other. It waits for the reply in the call, so the
/// calls are made on a thread of their own; that thread is there only as long as there is something to do, because a host may have thousands of guests.
/// </summary>
/// <remarks>libvirt finds its place in the stream itself, so a guest-sync-delimited is neither needed nor, since it comes to read the 0xFF, possible.</remarks>
internal sealed class LibvirtLink : GuestLink
{
    /// <summary>What the daemon hands over whole.</summary>
    /// <remarks>
    /// It writes a request to QEMU's socket in one go (qemuAgentIOWrite, seen in 9.0). When the socket is full it starts again from the first byte, so
    /// that the agent gets what is no JSON, and mostly waits for its end. A UNIX socket holds a little more than this, unless the host is configured otherwise.
    /// </remarks>
    private const int LargestRequestBytes = 192 * 1024;

    /// <summary>It waits, and copies.</summary>
    private const int StackBytes = 256 * 1024;

    /// <summary>What libvirt takes for its own sync before a command, and then some: a call that lasts longer hangs in the daemon, or on the way to it.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(15);

    private readonly ILibvirtDomain _domain;
    private readonly GuestClientOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    // Of the thread alone.
    private readonly FrameReader _replies = new();

    // All below are guarded by _lock.
    private readonly LinkedList<LibvirtCall> _waiting = [];
    private IOException? _failure;
    private bool _isWorking;
    private long _startedAt;
    private TimeSpan _patience = TimeSpan.MaxValue;

    /// <summary>Takes a domain over.</summary>
    internal LibvirtLink(ILibvirtDomain domain, GuestClientOptions options, TimeProvider? time = null)
    {
        _domain = domain;
        _options = options;
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    internal override int MaxPipelined => 1;

    /// <inheritdoc/>
    internal override int MaxRequestBytes => LargestRequestBytes;

    /// <inheritdoc/>
    internal override bool IsBroken
    {
        get
        {
            lock (_lock)
            {
                return _failure is not null || IsOverdue;
            }
        }
    }

    /// <inheritdoc/>
    internal override async ValueTask SendAsync(PendingCall call, TimeSpan timeout, CancellationToken cancellation)
    {
        if (call is SilentCall)
        {
            // Silence is to mean that the agent obeyed, not that there is none.
            await PingAsync(cancellation).ConfigureAwait(false);
        }

        Enqueue(call, timeout, cancellation);
    }

    /// <inheritdoc/>
    internal override void GiveUp(PendingCall call)
    {
        lock (_lock)
        {
            // The one that libvirt has is answered or not; one that it does not have must not be carried out at some later time.
            LibvirtCall? waiting = _waiting.FirstOrDefault(waiting => waiting.Call == call);
            if (waiting is not null)
            {
                _waiting.Remove(waiting);
                waiting.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        // A call that libvirt has cannot be taken back; its thread lets go of the domain when it is back.
        Break(new IOException("the connection to the agent is closed"));
        return ValueTask.CompletedTask;
    }

    private bool IsOverdue => _patience != TimeSpan.MaxValue && _time.GetElapsedTime(_startedAt) > _patience;

    private async Task PingAsync(CancellationToken cancellation)
    {
        TypedCall<bool> ping = new("guest-ping", null, static (_, _) => true);
        Enqueue(ping, _options.SyncTimeout, cancellation);
        try
        {
            await ping.Result.WaitAsync(_options.SyncTimeout, _time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            GiveUp(ping);
            throw new TimeoutException($"the agent does not answer: no reply within {_options.SyncTimeout.TotalSeconds} seconds");
        }
        catch (QapiException)
        {
            // It may not ping, but it is there.
        }
    }

    private void Enqueue(PendingCall call, TimeSpan timeout, CancellationToken cancellation)
    {
        LibvirtCall queued = new(call, SecondsOf(timeout), cancellation);
        try
        {
            Check(queued);
            lock (_lock)
            {
                if (_failure is not null)
                {
                    throw new IOException(_failure.Message, _failure);
                }

                _waiting.AddLast(queued);
                if (!_isWorking)
                {
                    new Thread(Work, StackBytes) { IsBackground = true, Name = "libvirt" }.Start();
                    _isWorking = true;
                }
            }
        }
        catch
        {
            queued.Dispose();
            throw;
        }
    }

    private static void Check(LibvirtCall call)
    {
        if (call.Text.Length - 1 > LargestRequestBytes)
        {
            throw new IOException($"libvirt hands over requests of at most {LargestRequestBytes} bytes, this one has {call.Text.Length - 1}");
        }

        if (call.Command == "guest-sync-delimited")
        {
            throw new IOException("libvirt synchronizes with the agent itself and would lose it over a guest-sync-delimited; guest-sync gets through");
        }
    }

    /// <summary>Whole seconds, and one at least: zero would mean not to wait.</summary>
    private static int SecondsOf(TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan
        ? Libvirt.VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK
        : (int)Math.Clamp(Math.Ceiling(timeout.TotalSeconds), 1, int.MaxValue);

    private void Work()
    {
        while (TakeNext() is LibvirtCall next)
        {
            using (next)
            {
                Carry(next);
            }
        }
    }

    /// <summary>The next call; null when there is none any more, and then the thread ends.</summary>
    private LibvirtCall? TakeNext()
    {
        lock (_lock)
        {
            _patience = TimeSpan.MaxValue;
            while (_waiting.First is { Value: LibvirtCall next })
            {
                _waiting.RemoveFirst();
                if (!next.Cancellation.IsCancellationRequested)
                {
                    _startedAt = _time.GetTimestamp();
                    _patience = next.Seconds < 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(next.Seconds) + s_grace;
                    return next;
                }

                next.Dispose();
            }

            _replies.Rest();
            _isWorking = false;
            if (_failure is not null)
            {
                LetGo();
            }

            return null;
        }
    }

    private void Carry(LibvirtCall next)
    {
        try
        {
            _replies.Reset();
            if (_domain.Ask(next.Text, next.Seconds, _replies, out LibvirtError error))
            {
                Answer(next.Call);
                return;
            }

            LibvirtFailure failure = LibvirtFailure.Read(error, next.Command);
            if (failure.Exception is QapiException said)
            {
                WriteError(said, next.Id);
                Answer(next.Call);
                return;
            }

            if (failure.IsBeforeSending)
            {
                next.Call.Refuse(failure.Exception);
            }
            else
            {
                next.Call.Fail(failure.Exception);
            }

            if (error.Code == Libvirt.VIR_ERR_NO_DOMAIN || !_domain.IsConnected)
            {
                Break(new IOException(error.Message));
            }
        }
        catch (TypeLoadException exception)
        {
            next.Call.Refuse(new IOException(
                "libvirt is not installed completely: libvirt-qemu.so.0 is missing, which comes in the package of libvirt.so.0", exception));
        }
    }

    private void Answer(PendingCall call)
    {
        if (_replies.Read(out JsonValue reply, out string? error) != FrameStatus.Value)
        {
            call.Fail(new IOException($"the agent's reply to {call.Command} is none: {error ?? "it has no end"}"));
        }
        else if (!call.Take(reply))
        {
            // What the link of a stream would answer it with.
            call.Fail(new IOException($"the agent's reply to {call.Command} is none"));
        }
    }

    /// <summary>The reply as the agent sent it, before libvirt made an error of its own of it.</summary>
    private void WriteError(QapiException error, byte[] id)
    {
        using ByteBuffer envelope = new();
        ResponseWriter.WriteError(new JsonWriter(envelope), error.ErrorClass, error.Message, new JsonValue(id));
        envelope.Bytes.CopyTo(_replies.GetSpan(envelope.Count));
        _replies.Advance(envelope.Count);
    }

    /// <summary>Ends the link: all who wait are told.</summary>
    private void Break(IOException reason)
    {
        LibvirtCall[] calls;
        lock (_lock)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = reason;
            calls = [.. _waiting];
            _waiting.Clear();
            if (IsOverdue)
            {
                _domain.Abandon();
            }

            if (!_isWorking)
            {
                LetGo();
            }
        }

        foreach (LibvirtCall call in calls)
        {
            call.Call.Refuse(reason);
            call.Dispose();
        }
    }

    private void LetGo()
    {
        _domain.Dispose();
        _replies.Dispose();
    }
}
