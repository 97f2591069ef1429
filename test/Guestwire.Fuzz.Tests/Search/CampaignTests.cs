using Guestwire.Fuzz.Coverage;

namespace Guestwire.Fuzz.Tests.Search;

public sealed class CampaignTests
{
    private const long Inputs = 60_000;

    [Fact]
    public void Coverage_leads_to_a_fault_that_chance_does_not_meet()
    {
        using FindingsOfTest findings = new();

        object? guided = new InstrumentedContext(typeof(PlantedFault).Assembly.GetName().Name!)
            .Call(typeof(PlantedFault), nameof(PlantedFault.Search), findings.Path, Inputs);

        Assert.Equal("1 zaZA", guided);
        Assert.Equal("0 ", PlantedFault.Search(findings.Path, Inputs));
    }

    [Fact]
    public void A_finding_says_what_happened_and_how_to_see_it_again()
    {
        using FindingsOfTest findings = new();
        new InstrumentedContext(typeof(PlantedFault).Assembly.GetName().Name!)
            .Call(typeof(PlantedFault), nameof(PlantedFault.Search), findings.Path, Inputs);

        string text = File.ReadAllText(Assert.Single(Directory.GetFiles(findings.Path, "*.txt")));

        Assert.Contains("InvalidOperationException: found", text, StringComparison.Ordinal);
        Assert.Contains("./fuzz/run planted --replay " + findings.Path, text, StringComparison.Ordinal);
        Assert.Contains("PlantedFault.Fail", text, StringComparison.Ordinal);
        Assert.Contains("input (4 bytes): zaZA", text, StringComparison.Ordinal);
    }
}
