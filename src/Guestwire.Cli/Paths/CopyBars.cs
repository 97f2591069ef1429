using Guestwire.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Guestwire.Cli.Paths;

/// <summary>
/// How far copies are, on a terminal: a bar with the rate. With several guests one for all of them, and below it one for each that is worked on; what
/// does not fit on the screen is cut off.
/// </summary>
internal sealed class CopyBars
{
    private readonly ProgressContext _context;
    private readonly ProgressTask? _guests;

    private CopyBars(ProgressContext context, ProgressTask? guests)
    {
        _context = context;
        _guests = guests;
        Describe();
    }

    /// <summary>Shows them while something is done.</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="guests">How many guests there are.</param>
    /// <param name="work">What is done.</param>
    internal static async Task ShowAsync(TextWriter terminal, int guests, Func<CopyBars, Task> work)
    {
        ProgressTask? all = null;
        IAnsiConsole console = Terminal.On(terminal, isTerminal: true);

        // Else it would be a line now and then.
        console.Profile.Capabilities.Interactive = true;
        await console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new OfBytes(new DownloadedColumn(), () => all),
                new OfBytes(new TransferSpeedColumn(), () => all),
                new OfBytes(new RemainingTimeColumn(), () => all))
            .StartAsync(async context =>
            {
                all = guests > 1 ? context.AddTask("guests", new ProgressTaskSettings { MaxValue = guests }) : null;
                await work(new CopyBars(context, all)).ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    /// <summary>Shows a bar while a guest is worked on.</summary>
    internal async Task ShowAsync(string guest, Func<CopyBar, Task> work)
    {
        CopyBar bar = new(_context, _guests is null ? "" : $"{HumanText.Safe(guest)}: ");
        try
        {
            await work(bar).ConfigureAwait(false);
        }
        finally
        {
            bar.End();
            _guests?.Increment(1);
            Describe();
        }
    }

    private void Describe() => _guests?.Description = $"{_guests.Value} of {_guests.MaxValue} guests";

    /// <summary>A column for bytes. Guests are not counted in these.</summary>
    private sealed class OfBytes(ProgressColumn column, Func<ProgressTask?> guests) : ProgressColumn
    {
        /// <inheritdoc/>
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            task == guests() ? Text.Empty : column.Render(options, task, deltaTime);

        /// <inheritdoc/>
        public override int? GetColumnWidth(RenderOptions options) => column.GetColumnWidth(options);
    }
}
