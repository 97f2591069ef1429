using System.Globalization;
using System.Text;
using Guestwire.Agent.Platform;

namespace Guestwire.Agent.State;

/// <summary>
/// A freeze as it would be now, for people: what freezes in which order, and what is left out.
/// <code>
/// 1. /inner: ext4 on /dev/loop0
/// 2. /: ext4 on /dev/vda1, also at /srv
/// left out: /scratch: excluded by 'exclude' of the configuration
/// left out: /proc: proc is not on a local block device
/// </code>
/// Whether a filesystem can freeze at all only the attempt tells; one that cannot, such as vfat, is passed over then.
/// </summary>
internal static class FreezePlanText
{
    /// <summary>The text, one line for each filesystem.</summary>
    /// <param name="plan">The filesystems on local block devices, in the order of freezing.</param>
    /// <param name="others">All other mounts.</param>
    internal static string Write(IReadOnlyList<FreezeTarget> plan, IReadOnlyList<Mount> others)
    {
        StringBuilder text = new();
        int number = 0;
        foreach (FreezeTarget target in plan)
        {
            if (target.LeftOut is not null)
            {
                continue;
            }

            Mount first = target.Mounts[0];
            text.Append((++number).ToString(CultureInfo.InvariantCulture))
                .Append(". ").Append(first.Mountpoint).Append(": ").Append(first.FilesystemType).Append(" on ").Append(first.Source);
            for (int i = 1; i < target.Mounts.Count; i++)
            {
                text.Append(i == 1 ? ", also at " : ", ").Append(target.Mounts[i].Mountpoint);
            }

            text.Append('\n');
        }

        foreach (FreezeTarget target in plan)
        {
            if (target.LeftOut is { } reason)
            {
                text.Append("left out: ").Append(target.Mountpoint).Append(": ").Append(reason).Append('\n');
            }
        }

        foreach (Mount mount in others)
        {
            text.Append("left out: ").Append(mount.Mountpoint).Append(": ").Append(mount.FilesystemType).Append(" is not on a local block device\n");
        }

        return text.ToString();
    }
}
