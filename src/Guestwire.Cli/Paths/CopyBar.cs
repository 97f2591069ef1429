using Guestwire.Client;
using Spectre.Console;

namespace Guestwire.Cli.Paths;

/// <summary>The bar of one guest, for all that is copied into it or out of it.</summary>
internal sealed class CopyBar : IProgress<GuestCopyProgress>
{
    private readonly ProgressTask _bar;
    private readonly string _title;
    private long _bytesBefore;
    private long _bytes;

    /// <summary>Shows it.</summary>
    /// <param name="context">Where it is shown.</param>
    /// <param name="title">What stands before all that it says.</param>
    internal CopyBar(ProgressContext context, string title)
    {
        _title = Markup.Escape(title);
        _bar = context.AddTask($"{_title}copying", new ProgressTaskSettings { MaxValue = 1 });
    }

    /// <summary>The next copy begins; it counts from nothing.</summary>
    internal void Begin()
    {
        _bytesBefore += _bytes;
        _bytes = 0;
    }

    /// <inheritdoc/>
    public void Report(GuestCopyProgress value)
    {
        _bytes = value.BytesDone;
        _bar.IsIndeterminate = !value.IsTotalKnown;
        _bar.MaxValue = Math.Max(1, _bytesBefore + value.BytesTotal);
        _bar.Value = _bytesBefore + value.BytesDone;
        _bar.Description = _title + (value.FilesTotal > 1 ? $"{value.FilesDone} of {value.FilesTotal} files" : "copying");
    }

    /// <summary>Takes it away.</summary>
    internal void End() => _bar.StopTask();
}
