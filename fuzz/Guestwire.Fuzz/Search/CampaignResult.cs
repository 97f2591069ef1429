namespace Guestwire.Fuzz.Search;

/// <summary>What a search came to.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Inputs">Inputs run, seeds included.</param>
/// <param name="Time">Time that it took.</param>
/// <param name="Edges">Different edges reached.</param>
/// <param name="CorpusInputs">Inputs that reached something new.</param>
/// <param name="Findings">Files with inputs that did what they should not.</param>
internal sealed record CampaignResult(string Target, long Inputs, TimeSpan Time, int Edges, int CorpusInputs, IReadOnlyList<string> Findings)
{
    /// <summary>Inputs a second.</summary>
    internal double Rate => Inputs / Math.Max(Time.TotalSeconds, 1e-3);
}
