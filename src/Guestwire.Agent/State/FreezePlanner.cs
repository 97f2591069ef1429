using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.State;

/// <summary>
/// Which filesystems to freeze, and in which order: each once, whatever its number of mounts, the last mounted first; but one on a loop
/// device before the one that holds the device's file, or its dirty pages could not be written out any more.
/// </summary>
/// <param name="table">What is mounted.</param>
/// <param name="loops">What lies in files.</param>
/// <param name="choice">What the administrator wants frozen.</param>
internal sealed class FreezePlanner(IMountTable table, ILoopDevices loops, FreezeChoice choice)
{
    /// <summary>Makes the plan. Quadratic; a guest has tens of mounts.</summary>
    /// <returns>
    /// The filesystems in the order of freezing; the order of thawing is the reverse. Those that are left out have their place as well: what lies
    /// on one of them must still freeze before what that lies on.
    /// </returns>
    /// <exception cref="QapiException">The mount table could not be read.</exception>
    internal IReadOnlyList<FreezeTarget> Plan()
    {
        List<FreezeTarget> targets = Fold(table.ReadAll());
        targets.Reverse();
        FreezeTarget?[] below = new FreezeTarget?[targets.Count];
        for (int i = 0; i < below.Length; i++)
        {
            string? file = loops.FindBackingFile(targets[i].Device.Major, targets[i].Device.Minor);
            below[i] = file is null ? null : FindHolder(targets, file);
        }

        List<FreezeTarget> plan = new(targets.Count);
        bool[] seen = new bool[targets.Count];
        for (int i = 0; i < targets.Count; i++)
        {
            AddAfterWhatLiesOnIt(i);
        }

        return plan;

        void AddAfterWhatLiesOnIt(int index)
        {
            if (seen[index])
            {
                return;
            }

            seen[index] = true;
            for (int i = 0; i < targets.Count; i++)
            {
                if (below[i] == targets[index])
                {
                    AddAfterWhatLiesOnIt(i);
                }
            }

            plan.Add(targets[index]);
        }
    }

    private List<FreezeTarget> Fold(IReadOnlyList<Mount> mounts)
    {
        List<FreezeTarget> targets = [];
        Dictionary<(uint Major, uint Minor), List<Mount>> byDevice = [];
        foreach (Mount mount in mounts)
        {
            if (!byDevice.TryGetValue((mount.Major, mount.Minor), out List<Mount>? same))
            {
                same = [];
                byDevice.Add((mount.Major, mount.Minor), same);
                targets.Add(new FreezeTarget(same, choice));
            }

            same.Add(mount);
        }

        return targets;
    }

    /// <summary>The filesystem that a path leads to: that of the longest mountpoint. Mounts without a device are not known here, and then one too much is found, which does no harm.</summary>
    private static FreezeTarget? FindHolder(List<FreezeTarget> targets, string path)
    {
        FreezeTarget? holder = null;
        int longest = -1;
        foreach (FreezeTarget target in targets)
        {
            foreach (Mount mount in target.Mounts)
            {
                string directory = mount.Mountpoint.EndsWith('/') ? mount.Mountpoint : mount.Mountpoint + "/";
                if (directory.Length > longest && path.StartsWith(directory, StringComparison.Ordinal))
                {
                    holder = target;
                    longest = directory.Length;
                }
            }
        }

        return holder;
    }
}
