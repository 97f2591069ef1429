using Guestwire.Agent.Platform;

namespace Guestwire.Agent.State;

/// <summary>One filesystem that may be frozen, however many mounts it has.</summary>
/// <param name="mounts">Its mounts, at least one, in the order of mounting.</param>
/// <param name="choice">What the administrator says about it.</param>
internal sealed class FreezeTarget(IReadOnlyList<Mount> mounts, FreezeChoice choice)
{
    /// <summary>Its mounts, the first one first.</summary>
    internal IReadOnlyList<Mount> Mounts => mounts;

    /// <summary>Where it is mounted first; its name, for people.</summary>
    internal string Mountpoint => mounts[0].Mountpoint;

    /// <summary>The numbers of its device, which no other target has.</summary>
    internal (uint Major, uint Minor) Device => (mounts[0].Major, mounts[0].Minor);

    /// <summary>
    /// Whether a program serves it, by the kernel's FUSE, though it lies on a disk. Such a one never freezes, and where the program hangs, so
    /// does whoever opens it.
    /// </summary>
    internal bool IsServedByProgram => mounts[0].FilesystemType == "fuseblk";

    /// <summary>Why a freeze leaves it out, for people; null when it does not.</summary>
    internal string? LeftOut => IsServedByProgram ? "fuseblk is served by a program and cannot freeze" : choice.WhyNot(mounts);

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
