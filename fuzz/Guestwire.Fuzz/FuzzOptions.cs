using System.Globalization;

namespace Guestwire.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    /// <summary>What <c>--help</c> prints.</summary>
    internal const string Help =
        """
        Feeds the parsers of the agent with inputs that nobody thought of, guided by what code they reach.

        Usage: ./fuzz/run [TARGET...] [--minutes N | --inputs N] [--seed S]
               ./fuzz/run TARGET --replay FILE
               ./fuzz/run --list

          --minutes N    for so long, all targets together (default: 1)
          --inputs N     so many inputs for each target; with a seed, the same ones every time
          --seed S       where the random numbers begin (default: 1)
          --replay FILE  run one input again and say what it does
          --list         the targets, and what each is about

        Without TARGET all are searched. A finding is written to fuzz/findings/, made as small as it gets, and the status is then 1.

        Example: ./fuzz/run framer policy --minutes 30 --seed 7
        """;

    /// <summary>Names of the targets; empty for all.</summary>
    internal IReadOnlyList<string> Targets { get; private init; } = [];

    /// <summary>Time for all targets together, or null.</summary>
    internal TimeSpan? Time { get; private init; }

    /// <summary>Inputs for each target, or null.</summary>
    internal long? Inputs { get; private init; }

    /// <summary>Where the random numbers begin.</summary>
    internal int Seed { get; private init; } = 1;

    /// <summary>The file to run again, or null.</summary>
    internal string? Replay { get; private init; }

    /// <summary>Whether to print the targets.</summary>
    internal bool List { get; private init; }

    /// <summary>Whether to take up what a run left that ended all of a sudden.</summary>
    internal bool Collect { get; private init; }

    /// <summary>Reads the command line.</summary>
    /// <returns>Null when it makes no sense, or asks for help.</returns>
    internal static FuzzOptions? Parse(IReadOnlyList<string> words)
    {
        FuzzOptions options = new();
        for (int i = 0; i < words.Count; i++)
        {
            string value = i + 1 < words.Count ? words[i + 1] : "";
            switch (words[i])
            {
                case "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out double minutes) && minutes is > 0 and < 1e5:
                    options = options with { Time = TimeSpan.FromMinutes(minutes) };
                    i++;
                    break;
                case "--inputs" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long inputs) && inputs > 0:
                    options = options with { Inputs = inputs };
                    i++;
                    break;
                case "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seed):
                    options = options with { Seed = seed };
                    i++;
                    break;
                case "--replay" when value.Length > 0:
                    options = options with { Replay = value };
                    i++;
                    break;
                case "--list":
                    options = options with { List = true };
                    break;
                case "--collect":
                    options = options with { Collect = true };
                    break;
                case string word when !word.StartsWith('-'):
                    options = options with { Targets = [.. options.Targets, word] };
                    break;
                default:
                    return null;
            }
        }

        return options.Time is not null && options.Inputs is not null ? null : options;
    }
}
