using Spectre.Console;

namespace Guestwire.Cli.Output;

/// <summary>A page of facts: a name on the left, what is known on the right, which may have several lines.</summary>
internal sealed class Page
{
    private readonly List<(string Name, string Text)> _lines = [];

    /// <summary>Adds a fact.</summary>
    internal void Add(string name, string text) => Add(name, [text]);

    /// <summary>Adds a fact of several lines; of none there is nothing.</summary>
    internal void Add(string name, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            _lines.Add((name, line));
            name = "";
        }
    }

    /// <summary>Writes it.</summary>
    internal void Write(IAnsiConsole console)
    {
        int width = _lines.Select(line => line.Name.Length).DefaultIfEmpty().Max();
        foreach ((string name, string text) in _lines)
        {
            console.Write(new Text(name.PadRight(width), new Style(decoration: Decoration.Bold)));
            console.Write(new Text($"  {HumanText.Safe(text)}"));
            console.WriteLine();
        }
    }
}
