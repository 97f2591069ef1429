using System.Text;
using Guestwire.Cli.Output;

namespace Guestwire.Cli.Top;

/// <summary>
/// The terminal's second screen, drawn anew from its top without clearing it first, so that it does not flicker. Leaving it shows the first screen as it was.
/// Source of the sequences: xterm's ctlseqs.
/// </summary>
internal sealed class TopScreen : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string ClearToEndOfLine = "\e[K";
    private const string ClearBelow = "\e[J";
    private const string Bold = "\e[1m";
    private const string Plain = "\e[0m";

    private readonly TextWriter _output;

    /// <summary>Enters it.</summary>
    internal TopScreen(TextWriter output)
    {
        _output = output;
        _output.Write(Enter);
        _output.Flush();
    }

    /// <summary>Shows lines; what does not fit is cut off.</summary>
    /// <param name="lines">The lines, and whether each is a heading.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Lines of the terminal.</param>
    internal void Show(IReadOnlyList<(string Text, bool IsHeading)> lines, int width, int height)
    {
        StringBuilder text = new(Home);
        int count = Math.Min(lines.Count, height);
        for (int i = 0; i < count; i++)
        {
            string line = HumanText.Safe(lines[i].Text);
            line = line.Length > width ? line[..width] : line;
            text.Append(lines[i].IsHeading ? $"{Bold}{line}{Plain}" : line).Append(ClearToEndOfLine).Append(i < count - 1 ? "\r\n" : "");
        }

        _output.Write(text.Append(ClearBelow).ToString());
        _output.Flush();
    }

    /// <summary>Leaves it.</summary>
    public void Dispose()
    {
        _output.Write(Leave);
        _output.Flush();
    }
}
