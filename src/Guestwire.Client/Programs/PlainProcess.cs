using System.Globalization;
using System.Runtime.CompilerServices;
using Guestwire.Protocol;

namespace Guestwire.Client.Programs;

/// <summary>A program whose agent knows the standard commands alone: its input goes before it starts, its output comes when it has ended.</summary>
internal sealed class PlainProcess(GuestClient client, GuestProgram program) : GuestProcess
{
    /// <summary>The longest pause between two questions whether it has ended.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Sends signal $1 to process $2 and to all that it started: these agents make no process group.</summary>
    private const string KillFamily =
        "family() { for child in $(cat /proc/\"$1\"/task/*/children 2> /dev/null); do family \"$child\"; done; echo \"$1\"; }; kill -\"$1\" $(family \"$2\")";

    private readonly MemoryStream? _input = program.HasInput ? new MemoryStream() : null;
    private readonly TaskCompletionSource<long> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public override long Id => _started.Task.IsCompletedSuccessfully ? _started.Task.Result : 0;

    /// <inheritdoc/>
    public override bool IsStreaming => false;

    /// <summary>Starts it, unless there is input to come.</summary>
    internal async Task StartAsync(CancellationToken cancellation)
    {
        if (_input is null)
        {
            await StartAsync(null, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<GuestOutput> ReadOutputAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        IsRead = true;
        GuestExecStatus status = await WaitForEndAsync(cancellation).ConfigureAwait(false);
        Ended(new GuestExit(
            (int?)status.Exitcode, (int?)status.Signal, (status.OutTruncated ?? false) || (status.ErrTruncated ?? false)));
        if (status.OutData is { } written)
        {
            yield return new GuestOutput(false, written.ToArray());
        }

        if (status.ErrData is { } complaint)
        {
            yield return new GuestOutput(true, complaint.ToArray());
        }
    }

    /// <inheritdoc/>
    public override ValueTask<bool> WriteInputAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (_input is null || _started.Task.IsCompleted)
        {
            return ValueTask.FromResult(false);
        }

        if (_input.Length + bytes.Length > client.MaxSentBytes)
        {
            throw new IOException($"this agent takes all of a program's input at once, and at most {client.MaxSentBytes} bytes of it come through");
        }

        _input.Write(bytes.Span);
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public override async ValueTask CompleteInputAsync(CancellationToken cancellation)
    {
        if (_input is not null && !_started.Task.IsCompleted)
        {
            await StartAsync(_input.ToArray(), cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async Task SignalAsync(int signal, CancellationToken cancellation)
    {
        long id = await _started.Task.WaitAsync(cancellation).ConfigureAwait(false);
        string number = signal.ToString(CultureInfo.InvariantCulture);
        string process = id.ToString(CultureInfo.InvariantCulture);

        GuestProgram kill = new("/bin/sh") { Arguments = ["-c", KillFamily, "sh", number, process], CapturesOutput = false };
        await client.RunProgramAsync(kill, null, cancellation).ConfigureAwait(false);
    }

    private async Task StartAsync(byte[]? input, CancellationToken cancellation)
    {
        try
        {
            (string path, IReadOnlyList<string> arguments) = ProgramWrapping.Of(program);
            GuestExec started = await client.GuestExecAsync(
                path, arguments, null, input is null ? (ReadOnlyMemory<byte>?)null : input, ProgramWrapping.PlainCaptureOf(program),
                cancellation: cancellation).ConfigureAwait(false);
            _started.SetResult(started.Pid);
        }
        catch (Exception exception)
        {
            _started.TrySetException(exception);
            throw;
        }
    }

    private async Task<GuestExecStatus> WaitForEndAsync(CancellationToken cancellation)
    {
        long id = await _started.Task.WaitAsync(cancellation).ConfigureAwait(false);
        TimeSpan pause = TimeSpan.FromMilliseconds(1);
        GuestExecStatus status = await AskAsync().ConfigureAwait(false);
        while (!status.Exited)
        {
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
            pause = pause * 1.5 < s_longestPause ? pause * 1.5 : s_longestPause;
            status = await AskAsync().ConfigureAwait(false);
        }

        return status;

        Task<GuestExecStatus> AskAsync() => Repetition.RunAsync(() => client.GuestExecStatusAsync(id, cancellation), cancellation);
    }
}
