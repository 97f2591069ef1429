using System.Globalization;
using System.Text;
using Guestwire.Agent.Platform;

namespace Guestwire.Agent.State;

/// <summary>
/// A freeze as it would be now, for people: what freezes in which order, and what is left out.
/// <code>
/// 1. /inner: ext4 on /dev/loop0
/// 2. /: ext4 on /dev/vda1, also at /srv
/// left out: /proc: proc is not on a local block device
/// </code>
/// Whether a filesystem can freeze at all only the attempt tells; one that cannot, such as vfat, is passed over then.
/// </summary>
internal static class FreezePlanText
{
    /// <summary>The text, one line for each filesystem.</summary>
    /// <param name="plan">The filesystems in the order of freezing.</param>
    /// <param name="others">Mounts that are left out.</param>
    internal static string Write(IReadOnlyList<FreezeTarget> plan, IReadOnlyList<Mount> others)
    {
        StringBuilder text = new();
        for (int i = 0; i < plan.Count; i++)
        {
            Mount first = plan[i].Mounts[0];
            text.Append((i + 1).ToString(CultureInfo.InvariantCulture))
                .Append(". ").Append(first.Mountpoint).Append(": ").Append(first.FilesystemType).Append(" on ").Append(first.Source);
            for (int j = 1; j < plan[i].Mounts.Count; j++)
            {
                text.Append(j == 1 ? ", also at " : ", ").Append(plan[i].Mounts[j].Mountpoint);
            }

            text.Append('\n');
        }

        foreach (Mount mount in others)
        {
            text.Append("left out: ").Append(mount.Mountpoint).Append(": ").Append(mount.FilesystemType).Append(" is not on a local block device\n");
        }

        return text.ToString();
    }
}
