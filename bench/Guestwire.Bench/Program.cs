using System.Globalization;
using Guestwire.Bench;

// Usage: Guestwire.Bench AGENT REFERENCE ROUNDS
// Prints a table of medians over the rounds. The two programs take turns, so that whatever else the machine does meets both.
if (args is not [string agent, string reference, string roundsText]
    || !int.TryParse(roundsText, CultureInfo.InvariantCulture, out int rounds) || rounds < 1)
{
    Console.Error.WriteLine("usage: Guestwire.Bench AGENT REFERENCE ROUNDS");
    return 2;
}

List<IReadOnlyDictionary<Row, double>> ours = [];
List<IReadOnlyDictionary<Row, double>> theirs = [];
for (int round = 0; round < rounds; round++)
{
    Console.Error.WriteLine($"round {round + 1} of {rounds} ...");
    bool oursFirst = round % 2 == 0;
    (oursFirst ? ours : theirs).Add(Measurements.Take(oursFirst ? agent : reference));
    (oursFirst ? theirs : ours).Add(Measurements.Take(oursFirst ? reference : agent));
}

Console.WriteLine($"{"",-34}{Path.GetFileName(agent),16}{Path.GetFileName(reference),16}{"ratio",9}");
foreach (Row row in Row.All)
{
    double mine = Median(ours, row);
    double other = Median(theirs, row);
    string format = "F" + row.Digits.ToString(CultureInfo.InvariantCulture);
    Console.WriteLine(
        $"{row.Name + ", " + row.Unit,-34}{mine.ToString(format, CultureInfo.InvariantCulture),16}"
        + $"{other.ToString(format, CultureInfo.InvariantCulture),16}{(mine / other).ToString("F2", CultureInfo.InvariantCulture),9}");
}

return 0;

static double Median(List<IReadOnlyDictionary<Row, double>> rounds, Row row)
{
    double[] sorted = [.. rounds.Select(round => round[row]).Order()];
    return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
