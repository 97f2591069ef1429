using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Freezing;

/// <summary>How a thaw went.</summary>
/// <param name="Frozen">How many filesystems the freeze had counted.</param>
/// <param name="Thawed">How many the thaw counted; null when nobody knows.</param>
/// <param name="Problem">What a hook or the guest complained about; the filesystems are thawed all the same.</param>
internal sealed record ThawOutcome(long Frozen, long? Thawed, string? Problem)
{
    /// <summary>What is to be said when the guest cannot be asked.</summary>
    internal const string Unknown = "nobody can tell whether it had stayed frozen, so do not trust what was copied meanwhile";

    /// <summary>Whether all of them stayed frozen until this thaw, and nothing went wrong.</summary>
    internal bool IsSound => Thawed >= Frozen && Problem is null;

    /// <summary>What is to be said of it when it is not sound.</summary>
    internal string Complaint => Problem
        ?? (Thawed is null
            ? $"thawed, but the reply was lost: {Unknown}"
            : $"{Frozen - Thawed} of {Frozen} filesystems had been thawed before by something else: what was copied meanwhile is not consistent");
}

/// <summary>A guest whose filesystems are held still, or that is about to be.</summary>
/// <param name="guest">The guest.</param>
/// <param name="name">Its name, for messages.</param>
/// <param name="thawTime">How long a thaw is tried when the guest does not answer.</param>
/// <param name="time">The clock.</param>
internal sealed class FrozenGuest(GuestClient guest, string name, TimeSpan thawTime, TimeProvider time)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    /// <summary>Its name.</summary>
    internal string Name => name;

    /// <summary>How many filesystems are frozen.</summary>
    internal long Count { get; private set; }

    /// <summary>Freezes it. When this throws, it is thawed.</summary>
    /// <param name="mountpoints">What to freeze; everything when there are none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="QapiException">The guest refused.</exception>
    /// <exception cref="FailureException">There is nothing to freeze; or it may be frozen, and cannot be thawed.</exception>
    internal async Task FreezeAsync(IReadOnlyList<string> mountpoints, CancellationToken cancellation)
    {
        // Before this one nothing can be frozen, and so nothing has to be thawed.
        await guest.GuestPingAsync(cancellation).ConfigureAwait(false);
        try
        {
            Count = await (mountpoints.Count == 0
                ? guest.GuestFsfreezeFreezeAsync(cancellation)
                : guest.GuestFsfreezeFreezeListAsync(mountpoints, cancellation)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or OperationCanceledException)
        {
            // It may have frozen, or may still do so; the thaw comes after that.
            await ThawAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        if (Count == 0)
        {
            throw new QapiException(mountpoints.Count == 0 ? "it has no filesystem that can be frozen" : "none of the mountpoints is that of a filesystem that can be frozen");
        }
    }

    /// <summary>Thaws it, and tries for a while when it does not answer.</summary>
    /// <exception cref="FailureException">It may still be frozen.</exception>
    internal async Task<ThawOutcome> ThawAsync(CancellationToken cancellation)
    {
        long began = time.GetTimestamp();
        TimeSpan pause = s_firstPause;
        bool wasAsked = false;
        while (true)
        {
            Exception failure;
            try
            {
                // Also finds a way there again. What fails here has had no effect.
                await guest.GuestPingAsync(cancellation).ConfigureAwait(false);
                bool wasAskedBefore = wasAsked;
                wasAsked = true;
                long count = await guest.GuestFsfreezeThawAsync(cancellation).ConfigureAwait(false);
                return new ThawOutcome(Count, wasAskedBefore && count == 0 ? null : count, null);
            }
            catch (QapiException exception)
            {
                if (await IsThawedAsync(cancellation).ConfigureAwait(false))
                {
                    return new ThawOutcome(Count, null, $"thawed, with a complaint: {exception.Message}");
                }

                failure = exception;
            }
            catch (Exception exception) when (exception is IOException or TimeoutException)
            {
                failure = exception;
            }

            if (time.GetElapsedTime(began) + pause > thawTime)
            {
                throw new FailureException(ExitCode.Failed, StillFrozen(failure.Message), failure);
            }

            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private async Task<bool> IsThawedAsync(CancellationToken cancellation)
    {
        try
        {
            return await guest.GuestFsfreezeStatusAsync(cancellation).ConfigureAwait(false) == GuestFsfreezeStatus.Thawed;
        }
        catch (Exception exception) when (exception is QapiException or IOException or TimeoutException)
        {
            return false;
        }
    }

    private string StillFrozen(string why) =>
        $"""
        {name} MAY STILL BE FROZEN: {why}
          Until it is thawed, whatever writes to its disks waits. As soon as its agent answers:
              guestwire thaw {guest.Transport}
          If it never does: start its agent anew, or run 'fsfreeze --unfreeze MOUNTPOINT' on its console, or reset it.
        """;
}
