using System.Globalization;

namespace Guestwire.Bench;

/// <summary>Medians for people.</summary>
internal static class Table
{
    private static readonly string[] Headings = ["", "ours", "qemu-ga", "ratio", "C limit", "promise", "met"];

    /// <summary>Prints the groups' rows that were measured, and what must be known beside them.</summary>
    internal static void Print(TextWriter output, IEnumerable<IGroup> groups, Results results)
    {
        List<string[]> lines = [Headings];
        foreach (IGroup group in groups)
        {
            lines.AddRange(group.Rows.Where(row => IsMeasured(row, results)).Select(row => MakeLine(row, results)));
        }

        // A column that has nothing under its heading is left out: a guest has no C limit.
        int[] columns = [.. Enumerable.Range(0, Headings.Length).Where(i => lines.Skip(1).Any(line => line[i].Length > 0))];
        foreach (string[] line in lines)
        {
            output.WriteLine(string.Concat(columns.Select(i => Pad(line[i], i, lines.Max(other => other[i].Length)))).TrimEnd());
        }

        foreach (string note in results.Notes)
        {
            output.WriteLine(note);
        }
    }

    // Whether a column of any target has the row.
    internal static bool IsMeasured(Row row, Results results) =>
        Enum.GetValues<TargetKind>().Any(target => results.Values(row, target).Count > 0);

    private static string[] MakeLine(Row row, Results results) =>
    [
        row.Unit.Length > 0 ? $"{row.Name}, {row.Unit}" : row.Name,
        Format(results.Median(row, TargetKind.Ours), row.Digits),
        Format(results.Median(row, TargetKind.Reference), row.Digits),
        Format(results.Ratio(row), 2),
        Format(results.Median(row, TargetKind.Limit), row.Digits),
        results.PromiseOf(row)?.Text ?? "",
        results.IsMet(row) is bool isMet ? isMet ? "yes" : "NO" : "",
    ];

    private static string Format(double? value, int digits) =>
        value?.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) ?? "";

    private static string Pad(string text, int column, int width) => column == 0 ? text.PadRight(width) : "  " + text.PadLeft(width);
}
