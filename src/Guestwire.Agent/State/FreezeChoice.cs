using Guestwire.Agent.Platform;

namespace Guestwire.Agent.State;

/// <summary>
/// Which filesystems the administrator wants frozen. A name that begins with a slash is a mountpoint, and any mountpoint of a filesystem
/// stands for it; any other name is a type. What <c>exclude</c> names stays out whatever <c>include</c> says; an empty <c>include</c> names all.
/// </summary>
/// <param name="settings">The two lists.</param>
internal sealed class FreezeChoice(FreezeSettings settings)
{
    /// <summary>Why a filesystem is left out, for people; null when it is not.</summary>
    internal string? WhyNot(IReadOnlyList<Mount> mounts) =>
        Names(settings.Exclude, mounts) ? "excluded by 'exclude' of the configuration"
        : settings.Include.Count > 0 && !Names(settings.Include, mounts) ? "not in 'include' of the configuration"
        : null;

    private static bool Names(IReadOnlyList<string> names, IReadOnlyList<Mount> mounts)
    {
        for (int i = 0; i < names.Count; i++)
        {
            foreach (Mount mount in mounts)
            {
                if (names[i] == (names[i].StartsWith('/') ? mount.Mountpoint : mount.FilesystemType))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
