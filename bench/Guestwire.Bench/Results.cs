namespace Guestwire.Bench;

/// <summary>All values of a run, round by round.</summary>
/// <param name="hasPromises">Whether the rows' promises speak of such a run: they do of this machine, not of emulated ones.</param>
internal sealed class Results(bool hasPromises)
{
    private readonly Dictionary<(Row Row, TargetKind Target), List<double>> values = [];
    private readonly List<string> notes = [];

    /// <summary>What a reader must know beside the numbers, each once.</summary>
    internal IReadOnlyList<string> Notes => notes;

    /// <summary>Takes in one round's value.</summary>
    internal void Add(Row row, TargetKind target, double value)
    {
        if (!values.TryGetValue((row, target), out List<double>? list))
        {
            values[(row, target)] = list = [];
        }

        list.Add(value);
    }

    /// <summary>Takes in a sentence, unless it is there already.</summary>
    internal void Note(string sentence)
    {
        if (!notes.Contains(sentence))
        {
            notes.Add(sentence);
        }
    }

    /// <summary>The values of all rounds; empty when it was not measured.</summary>
    internal IReadOnlyList<double> Values(Row row, TargetKind target) => values.GetValueOrDefault((row, target)) ?? [];

    /// <summary>Their median, or null when it was not measured.</summary>
    internal double? Median(Row row, TargetKind target)
    {
        double[] sorted = [.. Values(row, target).Order()];
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Ours divided by the reference's, of medians; null when there is no such number.</summary>
    internal double? Ratio(Row row) =>
        Median(row, TargetKind.Ours) is double ours && Median(row, TargetKind.Reference) is double reference && reference != 0
            ? ours / reference
            : null;

    /// <summary>What must hold, if anything.</summary>
    internal Promise? PromiseOf(Row row) => hasPromises ? row.Promise : null;

    /// <summary>Whether the row's promise is kept; null when there is none, or nothing to judge it by.</summary>
    internal bool? IsMet(Row row) =>
        PromiseOf(row) is { } promise && Median(row, TargetKind.Ours) is double ours && Median(row, TargetKind.Reference) is double reference
            ? promise.IsMet(ours, reference)
            : null;
}
