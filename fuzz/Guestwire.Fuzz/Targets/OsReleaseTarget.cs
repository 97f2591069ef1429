using System.Text;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;

namespace Guestwire.Fuzz.Targets;

/// <summary>os-release: what was read, written with every value in double quotes, is read as the same.</summary>
internal sealed class OsReleaseTarget : FuzzTarget
{
    internal override string Name => "os-release";

    internal override string About => "/etc/os-release";

    internal override InputShape Shape => InputShape.Lines;

    internal override IEnumerable<byte[]> Seeds => [SeedTexts.Named("os-release.txt")];

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words("ID=", "NAME=\"", "'", "\\\"", "\\$", "\\`", "\\\\", " #", ";", "=", "\r\n", "PRETTY_NAME");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        Dictionary<string, string> values = OsRelease.Parse(input);
        StringBuilder text = new();
        foreach ((string key, string value) in values)
        {
            text.Append(key).Append("=\"");
            foreach (char c in value)
            {
                text.Append(c is '$' or '"' or '\'' or '\\' or '`' ? "\\" : "").Append(c);
            }

            text.Append("\"\n");
        }

        Dictionary<string, string> again = OsRelease.Parse(Encoding.UTF8.GetBytes(text.ToString()));
        Violation.UnlessSame(string.Join('\n', values), string.Join('\n', again), "values are read as they are written");
    }
}
