using System.Globalization;

namespace Guestwire.Bench;

/// <summary>What is measured.</summary>
internal enum Mode
{
    /// <summary>Every group, on this machine.</summary>
    Here,

    /// <summary>How cost grows with what there is.</summary>
    Growth,

    /// <summary>Through a virtio-serial port.</summary>
    Guest,
}

/// <summary>The command line, as bench/run hands it over: it has checked it, and knows where the programs are.</summary>
internal sealed record Options
{
    internal Mode Mode { get; private init; }

    /// <summary>Our agent: its program, or its socket with <see cref="Mode.Guest"/>.</summary>
    internal string Ours { get; private init; } = "";

    /// <summary>The reference, likewise.</summary>
    internal string Reference { get; private init; } = "";

    /// <summary>The C server.</summary>
    internal string Limit { get; private init; } = "";

    internal int Rounds { get; private init; } = 5;

    /// <summary>Names of groups; empty for all.</summary>
    internal IReadOnlyList<string> Only { get; private init; } = [];

    /// <summary>Where JSON goes: a file, "-" for standard output instead of the table, null for nowhere.</summary>
    internal string? Json { get; private init; }

    /// <summary>Pairs of a name and a value.</summary>
    internal static Options Read(string[] words)
    {
        Options options = new();
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            string value = words[i + 1];
            options = words[i] switch
            {
                "--mode" => options with { Mode = Enum.Parse<Mode>(value, ignoreCase: true) },
                "--ours" => options with { Ours = value },
                "--reference" => options with { Reference = value },
                "--limit" => options with { Limit = value },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--only" => options with { Only = value.Split(',') },
                "--json" => options with { Json = value },
                _ => throw new BenchException($"unknown option {words[i]}"),
            };
        }

        return options;
    }
}
