using Guestwire.Agent.Platform.Linux;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;

namespace Guestwire.Fuzz.Targets;

/// <summary>The counters of disks: a line means the same whatever stands around it.</summary>
internal sealed class DiskTarget : FuzzTarget
{
    internal override string Name => "disks";

    internal override string About => "/proc/diskstats";

    internal override InputShape Shape => InputShape.Lines;

    internal override IEnumerable<byte[]> Seeds => [SeedTexts.Named("diskstats.txt")];

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words("vda", " 0 0 0 0", "18446744073709551615", "18446744073709551616", "\r");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        int lines = input.Count((byte)'\n') + 1;
        LineByLine.Require(input, text => [.. DiskCounters.Parse(text).Select(disk => disk.ToString())]);
        Violation.Unless(DiskCounters.Parse(input).Count <= lines, "a line is one disk at most");
    }
}
