using System.Globalization;
using System.Runtime.CompilerServices;
using Guestwire.Fuzz.Search;
using Guestwire.Fuzz.Targets;

namespace Guestwire.Fuzz.Tests.Search;

/// <summary>A target with a fault that nobody meets by chance: behind four letters, each of which is a step that only coverage shows.</summary>
internal sealed class PlantedFault : FuzzTarget
{
    internal override string Name => "planted";

    internal override string About => "a fault behind four letters";

    internal override IEnumerable<byte[]> Seeds => ["....."u8.ToArray()];

    /// <summary>Searches for it.</summary>
    /// <returns>How many findings, and the first one's text.</returns>
    internal static string Search(string folder, long inputs)
    {
        CampaignResult result = new Campaign(new PlantedFault(), seed: 1, new FindingFolder(folder)).Search(inputs, TimeSpan.MaxValue);
        return string.Create(CultureInfo.InvariantCulture, $"{result.Findings.Count} {(result.Findings.Count == 0 ? "" : File.ReadAllText(result.Findings[0]))}");
    }

    // Not a part of its caller, whatever the compiler thinks of it: a fault is known by its method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail() => throw new InvalidOperationException("found");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length > 0 && input[0] == 'z')
        {
            if (input.Length > 1 && input[1] == 'a')
            {
                if (input.Length > 2 && input[2] == 'Z')
                {
                    if (input.Length > 3 && input[3] == 'A')
                    {
                        Fail();
                    }
                }
            }
        }
    }
}
