using Spectre.Console;

namespace Guestwire.Cli.Output;

/// <summary>The consoles that results and remarks go to. Colour and tables' widths are for terminals; what is piped gets neither.</summary>
internal static class Terminal
{
    /// <summary>So wide that no line of a table is ever broken where nobody looks at it.</summary>
    internal const int PipeWidth = 4096;

    /// <summary>A console on a writer.</summary>
    /// <param name="isTerminal">Whether a terminal shows it.</param>
    internal static IAnsiConsole On(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = PipeWidth;
        }

        return console;
    }

    /// <summary>A table without lines, as ps(1) and df(1) have them.</summary>
    internal static Table Table(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.None);
        foreach (string column in columns)
        {
            bool isNumber = column.StartsWith('>');
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(isNumber ? column[1..] : column)}[/]")
            {
                Alignment = isNumber ? Justify.Right : Justify.Left,
                NoWrap = true,
                Padding = new Padding(0, 0, 2, 0),
            });
        }

        return table;
    }

    /// <summary>Writes a table.</summary>
    internal static void WriteTable(this IAnsiConsole console, Table table) => console.Write(new UnbrokenLines(table));

    /// <summary>Adds a row of text as it is; what a terminal would obey is taken out.</summary>
    internal static void AddCells(this Table table, params string[] cells) =>
        table.AddRow(cells.Select(cell => new Text(HumanText.Safe(cell))));
}
