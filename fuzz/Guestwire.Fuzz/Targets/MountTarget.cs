using System.Globalization;
using System.Text;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;

namespace Guestwire.Fuzz.Targets;

/// <summary>The two tables of mounts. A mount written as the kernel writes it is read as the same; text of any kind survives the escapes.</summary>
internal sealed class MountTarget : FuzzTarget
{
    internal override string Name => "mounts";

    internal override string About => "/proc/self/mountinfo and /proc/self/mounts, and the escapes in them";

    internal override InputShape Shape => InputShape.Lines;

    internal override IEnumerable<byte[]> Seeds => [SeedTexts.Named("mountinfo.txt"), SeedTexts.Named("mounts.txt")];

    internal override IReadOnlyList<byte[]> Words { get; } =
        SeedTexts.Words("\\040", "\\134", "\\011", "\\012", "\\043", "\\777", "\\08", " - ", "ext4", "/dev/sda", "254:1", "0:0", "cifs", "shared:1", "\\");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        List<Mount> mounts = MountText.ParseMountInfo(input);
        Violation.Unless(mounts.Count <= input.Count((byte)'\n') + 1, "a line is one mount at most");
        LineByLine.Require(input, text => [.. MountText.ParseMountInfo(text).Select(mount => mount.ToString())]);
        LineByLine.Require(input, text => [.. MountText.ParseMounts(text).Select(mount => mount.ToString())]);

        StringBuilder table = new();
        foreach (Mount mount in mounts)
        {
            table.Append(CultureInfo.InvariantCulture, $"{mount.Id} 1 {mount.Major}:{mount.Minor} / {Escape(mount.Mountpoint)} rw - ")
                .Append(CultureInfo.InvariantCulture, $"{Escape(mount.FilesystemType)} {Escape(mount.Source)} rw\n");
        }

        Violation.Unless(mounts.SequenceEqual(MountText.ParseMountInfo(Encoding.UTF8.GetBytes(table.ToString()))), "a mount is read as it is written", table.ToString);
        string text = Encoding.UTF8.GetString(input);
        Violation.UnlessSame(text, MountText.Decode(Encoding.UTF8.GetBytes(Escape(text))), "escapes are undone");
    }

    // The kernel escapes a blank, a tab, a line feed, a backslash and a hash; a CR is ours, since fields end at one.
    private static string Escape(string text) => string.Concat(text.Select(c => c is ' ' or '\t' or '\n' or '\\' or '#' or '\r'
        ? "\\" + Convert.ToString(c, 8).PadLeft(3, '0')
        : c.ToString()));
}
