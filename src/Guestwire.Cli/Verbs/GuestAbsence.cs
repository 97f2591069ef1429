using Guestwire.Cli.Facts;
using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Verbs;

/// <summary>
/// Watches a guest go, and come back, on the connection that there is: a machine's channel serves one host at a time, and a second one would wait for ever.
/// </summary>
/// <param name="guest">The guest.</param>
/// <param name="limit">How long to watch.</param>
/// <param name="time">The clock.</param>
internal sealed class GuestAbsence(GuestClient guest, TimeSpan limit, TimeProvider time)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>An agent that is silent for so many questions in a row is gone, though its channel is there: a machine that is off may keep it.</summary>
    private const int SilentQuestions = 2;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly GuestClient _guest = guest.WithTimeout(s_patience);

    /// <summary>What tells this boot of a guest from any other; null when the guest does not say.</summary>
    internal static async Task<string?> ReadBootAsync(GuestClient guest, CancellationToken cancellation)
    {
        try
        {
            return await GuestTextFile.ReadAsync(guest, BootIdFile, cancellation).ConfigureAwait(false);
        }
        catch (QapiException)
        {
            return null;
        }
    }

    /// <summary>Returns when the guest's machine is off, where somebody can be asked about that; elsewhere when the guest is gone.</summary>
    /// <exception cref="TimeoutException">It is still there.</exception>
    internal Task WaitUntilOffAsync(CancellationToken cancellation) => _guest.Transport is LibvirtTransport domain
        ? WatchAsync("go", domain.IsOffAsync, cancellation)
        : WaitUntilGoneAsync(cancellation);

    /// <summary>Returns when the guest is gone.</summary>
    /// <exception cref="TimeoutException">It is still there.</exception>
    internal async Task WaitUntilGoneAsync(CancellationToken cancellation)
    {
        int silent = 0;
        await WatchAsync("go", async stop =>
        {
            try
            {
                await _guest.GuestPingAsync(stop).ConfigureAwait(false);
                silent = 0;
                return false;
            }
            catch (TimeoutException)
            {
                return ++silent == SilentQuestions;
            }
            catch (IOException)
            {
                return true;
            }
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Returns when the guest is back.</summary>
    /// <param name="boot">Which boot it was; null when that is not known: then it must have been away.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not come back.</exception>
    internal async Task WaitUntilBackAsync(string? boot, CancellationToken cancellation)
    {
        bool wasAway = false;
        await WatchAsync("come back", async stop =>
        {
            try
            {
                await _guest.GuestPingAsync(stop).ConfigureAwait(false);
                return boot is null ? wasAway : await ReadBootAsync(_guest, stop).ConfigureAwait(false) is { } other && other != boot;
            }
            catch (Exception exception) when (exception is IOException or TimeoutException)
            {
                wasAway = true;
                return false;
            }
        }, cancellation).ConfigureAwait(false);
    }

    private async Task WatchAsync(string what, Func<CancellationToken, Task<bool>> isOver, CancellationToken cancellation)
    {
        using CancellationTokenSource late = new(limit, time);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            while (!await isOver(ending.Token).ConfigureAwait(false))
            {
                await Task.Delay(s_pause, time, ending.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"the guest accepted it, but did not {what} within {limit.TotalSeconds:0.###} seconds");
        }
    }
}
