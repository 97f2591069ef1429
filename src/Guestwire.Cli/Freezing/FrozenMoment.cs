using Guestwire.Cli.Output;
using Guestwire.Cli.Programs;
using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Freezing;

/// <summary>
/// Freezes guests one after another, runs a program on this host, and thaws them in reverse, whatever happens: the program fails, a signal comes, a
/// guest cannot be reached for a while.
/// </summary>
/// <param name="run">The guests.</param>
/// <param name="mountpoints">What to freeze; everything when there are none.</param>
/// <param name="limit">How long the program may take; null for as long as it wants.</param>
/// <param name="thawTime">How long a thaw is tried when a guest does not answer.</param>
/// <param name="surroundings">Where to write, and the clock.</param>
internal sealed class FrozenMoment(GuestRun run, IReadOnlyList<string> mountpoints, TimeSpan? limit, TimeSpan thawTime, Surroundings surroundings)
{
    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> RunAsync(HostCommand command, SignalInbox signals, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(signals.First, cancellation);
        List<GuestClient> clients = [];
        try
        {
            Stack<FrozenGuest> frozen = new();
            int? code;
            try
            {
                code = await FreezeAllAsync(frozen, clients, stop.Token).ConfigureAwait(false)
                    ?? await RunCommandAsync(command, signals).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                code = SignalNumbers.ExitCodeOf(signals.FirstNumber == 0 ? SignalNumbers.Interrupt : signals.FirstNumber);
            }
            catch (FailureException failure)
            {
                Say(failure.Message);
                code = failure.Code;
            }

            bool isSound = true;
            while (frozen.TryPop(out FrozenGuest? guest))
            {
                isSound &= await ThawAsync(guest).ConfigureAwait(false);
            }

            return isSound ? code.Value : ProgramExitCode.Ours;
        }
        finally
        {
            foreach (GuestClient client in clients)
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Freezes them.</summary>
    /// <returns>An exit code when one of them does not freeze.</returns>
    private async Task<int?> FreezeAllAsync(Stack<FrozenGuest> frozen, List<GuestClient> clients, CancellationToken cancellation)
    {
        foreach (Target target in run.Targets)
        {
            GuestClient client = run.Connect(target);
            clients.Add(client);
            FrozenGuest guest = new(client, target.Name, thawTime, surroundings.Time);
            try
            {
                await guest.FreezeAsync(mountpoints, cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && Failures.CodeOf(exception, cancellation) is not null)
            {
                Say($"{target.Name}: {exception.Message}");
                Say("nothing was run");
                return ProgramExitCode.Ours;
            }

            frozen.Push(guest);
            Say($"{target.Name}: {FilesystemCount.Text(guest.Count)} frozen");
        }

        return null;
    }

    private async Task<int> RunCommandAsync(HostCommand command, SignalInbox signals)
    {
        if (await command.RunAsync(limit, signals, surroundings.Time).ConfigureAwait(false) is { } code)
        {
            return code;
        }

        Say($"the program took longer than {limit!.Value.TotalSeconds:0.###} seconds and was sent SIGTERM; thawing without it");
        return ProgramExitCode.TimedOut;
    }

    /// <summary>Thaws one of them.</summary>
    /// <returns>Whether it had stayed frozen until then, and is thawed now.</returns>
    private async Task<bool> ThawAsync(FrozenGuest guest)
    {
        try
        {
            ThawOutcome outcome = await guest.ThawAsync(CancellationToken.None).ConfigureAwait(false);
            Say($"{guest.Name}: {(outcome.IsSound ? $"{FilesystemCount.Text(guest.Count)} thawed" : outcome.Complaint)}");
            return outcome.IsSound;
        }
        catch (FailureException failure)
        {
            Say(failure.Message);
            Say($"{guest.Name}: {ThawOutcome.Unknown}");
            return false;
        }
    }

    private void Say(string what) => surroundings.Error.WriteLine(HumanText.Complaint(what));
}
