using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Programs;

/// <summary>
/// Passes the signals that come to us on to the programs in the guests. The second Ctrl-C kills them, and the third one leaves them; so does any
/// signal that finds no program to go to.
/// </summary>
internal sealed class SignalForwarding : IDisposable
{
    /// <summary>What a program that is being started gets to be there: a signal then goes to it, rather than leave it behind.</summary>
    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly SignalCatch _caught;

    // Guarded by _lock.
    private readonly List<GuestProcess> _running = [];
    private int _starting;
    private int _interrupts;
    private int _signal;

    /// <summary>Takes the signals.</summary>
    internal SignalForwarding() => _caught = new SignalCatch(OnSignal);

    /// <summary>Ends when nobody waits for the programs any more.</summary>
    internal CancellationToken Leaving => _leaving.Token;

    /// <summary>The exit code of whoever leaves.</summary>
    internal int LeaveCode => SignalNumbers.ExitCodeOf(_signal == 0 ? SignalNumbers.Interrupt : _signal);

    /// <summary>Starts a program; from then on it gets the signals.</summary>
    /// <param name="start">Starts it.</param>
    internal async Task<GuestProcess> StartAsync(Func<Task<GuestProcess>> start)
    {
        lock (_lock)
        {
            _starting++;
        }

        try
        {
            GuestProcess process = await start().ConfigureAwait(false);
            int missed;
            lock (_lock)
            {
                _running.Add(process);
                missed = _running.Count == 1 ? _signal : 0;
            }

            if (missed != 0 && process.Id != 0)
            {
                _leaving.CancelAfter(Timeout.InfiniteTimeSpan);
                await ForwardAsync([process], missed).ConfigureAwait(false);
            }

            return process;
        }
        finally
        {
            lock (_lock)
            {
                _starting--;
            }
        }
    }

    /// <summary>A program has ended.</summary>
    internal void Forget(GuestProcess process)
    {
        lock (_lock)
        {
            _running.Remove(process);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _caught.Dispose();
        _leaving.Dispose();
    }

    private void OnSignal(int signal)
    {
        GuestProcess[] running;
        bool isStarting;
        lock (_lock)
        {
            _signal = signal;
            _interrupts += signal == SignalNumbers.Interrupt ? 1 : 0;
            running = [.. _running.Where(process => process.Id != 0)];
            isStarting = _starting > 0;
        }

        if (signal == SignalNumbers.Interrupt && _interrupts > 2)
        {
            _leaving.Cancel();
        }
        else if (running.Length > 0)
        {
            _ = ForwardAsync(running, signal == SignalNumbers.Interrupt && _interrupts == 2 ? SignalNumbers.Kill : signal);
        }
        else
        {
            _leaving.CancelAfter(isStarting ? s_startTime : TimeSpan.Zero);
        }
    }

    private async Task ForwardAsync(GuestProcess[] processes, int signal)
    {
        foreach (GuestProcess process in processes)
        {
            try
            {
                await process.SignalAsync(signal, _leaving.Token).ConfigureAwait(false);
            }
            catch (QapiException)
            {
                // It has ended meanwhile, or hosts may send no signals: the third Ctrl-C leaves.
            }
            catch (Exception exception) when (exception is IOException or TimeoutException or OperationCanceledException)
            {
                // Whoever reads its output hears of that too.
            }
        }
    }
}
