using System.Globalization;
using Guestwire.Fuzz.Search;
using Guestwire.Fuzz.Targets;

namespace Guestwire.Fuzz.Tests.Search;

/// <summary>A target with a fault that nobody meets by chance: behind four letters, each of which is a step that only coverage shows.</summary>
internal sealed class PlantedFault : FuzzTarget
{
    internal override string Name => "planted";

    internal override string About => "a fault behind four letters";

    internal override IEnumerable<byte[]> Seeds => ["nothing of the kind"u8.ToArray()];

    /// <summary>Searches for it.</summary>
    /// <returns>How many findings, and the first one's text.</returns>
    internal static string Search(string folder, long inputs)
    {
        CampaignResult result = new Campaign(new PlantedFault(), seed: 1, new FindingFolder(folder)).Search(inputs, TimeSpan.MaxValue);
        return string.Create(CultureInfo.InvariantCulture, $"{result.Findings.Count} {(result.Findings.Count == 0 ? "" : File.ReadAllText(result.Findings[0]))}");
    }

    internal override void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length > 0 && input[0] == 'f')
        {
            if (input.Length > 1 && input[1] == 'r')
            {
                if (input.Length > 2 && input[2] == 'o')
                {
                    if (input.Length > 3 && input[3] == 'g')
                    {
                        throw new InvalidOperationException("found");
                    }
                }
            }
        }
    }
}
