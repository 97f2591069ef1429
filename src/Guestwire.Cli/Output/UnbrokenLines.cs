using Spectre.Console.Rendering;

namespace Guestwire.Cli.Output;

/// <summary>
/// Something of many columns, each as wide as its content: a line that is longer than the terminal is for the terminal to break, as with ps(1) and df(1);
/// columns that are squeezed nobody can read. Without the blanks at the ends of lines.
/// </summary>
internal sealed class UnbrokenLines(IRenderable content) : IRenderable
{
    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth) => content.Measure(options, Terminal.PipeWidth);

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (SegmentLine line in Segment.SplitLines(content.Render(options, Terminal.PipeWidth)))
        {
            int count = line.Count;
            while (count > 0 && string.IsNullOrWhiteSpace(line[count - 1].Text))
            {
                count--;
            }

            for (int i = 0; i < count; i++)
            {
                yield return i < count - 1 ? line[i] : new Segment(line[i].Text.TrimEnd(), line[i].Style);
            }

            yield return Segment.LineBreak;
        }
    }
}
