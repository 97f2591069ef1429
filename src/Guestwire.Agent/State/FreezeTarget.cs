using Guestwire.Agent.Platform;

namespace Guestwire.Agent.State;

/// <summary>One filesystem that may be frozen, however many mounts it has.</summary>
/// <param name="mounts">Its mounts, at least one, in the order of mounting.</param>
internal sealed class FreezeTarget(IReadOnlyList<Mount> mounts)
{
    /// <summary>Its mounts, the first one first.</summary>
    internal IReadOnlyList<Mount> Mounts => mounts;

    /// <summary>The numbers of its device, which no other target has.</summary>
    internal (uint Major, uint Minor) Device => (mounts[0].Major, mounts[0].Minor);

    /// <summary>Whether any of the mountpoints, byte for byte, is one of its own.</summary>
    internal bool IsAtAny(IReadOnlyList<string> mountpoints)
    {
        foreach (Mount mount in mounts)
        {
            for (int i = 0; i < mountpoints.Count; i++)
            {
                if (mountpoints[i] == mount.Mountpoint)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
