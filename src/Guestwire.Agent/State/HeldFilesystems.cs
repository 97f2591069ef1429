using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.State;

/// <summary>The filesystems that this agent holds frozen: all of a freeze or none.</summary>
/// <param name="planner">What to freeze, and in which order.</param>
/// <param name="freezer">Freezes it.</param>
/// <param name="log">Learns where nothing could be looked for.</param>
internal sealed class HeldFilesystems(FreezePlanner planner, TimedFreezer freezer, IAgentLog log)
{
    private readonly List<(FreezeTarget Target, IFrozenFilesystem Held)> _held = [];

    /// <summary>Freezes filesystems.</summary>
    /// <param name="mountpoints">Where they are mounted; null for all that there are.</param>
    /// <param name="deadline">How long that may take.</param>
    /// <returns>How many are frozen.</returns>
    /// <exception cref="QapiException">One failed, or was not done in time: those before it are thawed.</exception>
    internal int FreezeAllOrNone(IReadOnlyList<string>? mountpoints, FreezeDeadline deadline)
    {
        try
        {
            foreach (FreezeTarget target in planner.Plan())
            {
                if (target.LeftOut is null && (mountpoints is null || target.IsAtAny(mountpoints)) && freezer.TryFreeze(target, deadline) is { } held)
                {
                    _held.Add((target, held));
                }
            }

            return _held.Count;
        }
        catch
        {
            Thaw([]);
            throw;
        }
    }

    /// <summary>Thaws what is held, then looks for what else is frozen: by a dead agent, or by other programs.</summary>
    /// <param name="asHeir">Whether to look also at what this agent leaves out: a dead one may have had another configuration.</param>
    /// <returns>How many filesystems this thawed.</returns>
    internal int ThawEverything(bool asHeir)
    {
        HashSet<(uint Major, uint Minor)> thawed = [];
        Thaw(thawed);
        try
        {
            IReadOnlyList<FreezeTarget> plan = planner.Plan();
            for (int i = plan.Count - 1; i >= 0; i--)
            {
                bool isOurs = plan[i].LeftOut is null || (asHeir && !plan[i].IsServedByProgram);
                if (isOurs && freezer.TryThaw(plan[i]))
                {
                    thawed.Add(plan[i].Device);
                }
            }
        }
        catch (QapiException failure)
        {
            log.Log(LogLevel.Critical, $"cannot look for more frozen filesystems: {failure.Message}");
        }

        return thawed.Count;
    }

    private void Thaw(HashSet<(uint Major, uint Minor)> thawed)
    {
        for (int i = _held.Count - 1; i >= 0; i--)
        {
            if (freezer.TryThaw(_held[i].Target, _held[i].Held))
            {
                thawed.Add(_held[i].Target.Device);
            }
        }

        _held.Clear();
    }
}
