using System.Globalization;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Spectre.Console;

namespace Guestwire.Cli.Paths;

/// <summary>What copies came to, and on a terminal how far they are: a bar with the rate, on standard error.</summary>
/// <param name="surroundings">Where to write.</param>
/// <param name="json">Whether the result is wanted as JSON.</param>
/// <param name="quiet">Whether only errors are wanted.</param>
internal sealed class CopyReport(Surroundings surroundings, bool json, bool quiet)
{
    private readonly List<(string Source, string Target, GuestCopyResult Result)> _copies = [];

    /// <summary>Runs copies that report to it.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> RunAsync(Func<IProgress<GuestCopyProgress>?, Task> copy)
    {
        try
        {
            await (quiet || !surroundings.IsErrorTerminal ? copy(null) : WithBarAsync(copy)).ConfigureAwait(false);
        }
        finally
        {
            // Also of what was done before it went wrong.
            Write();
        }

        return _copies.All(copy => copy.Result.IsComplete) ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Takes the result of one copy.</summary>
    internal void Add(string source, string target, GuestCopyResult result) => _copies.Add((source, target, result));

    private async Task WithBarAsync(Func<IProgress<GuestCopyProgress>?, Task> copy) => await Terminal.On(surroundings.Error, isTerminal: true).Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            ProgressTask bar = context.AddTask("copying", new ProgressTaskSettings { MaxValue = 1 });
            await copy(new Bar(bar)).ConfigureAwait(false);
        }).ConfigureAwait(false);

    private void Write()
    {
        foreach ((_, _, GuestCopyResult result) in _copies)
        {
            foreach (GuestCopyError error in result.Errors)
            {
                surroundings.Error.WriteLine($"guestwire: {error.Path}: {error.Exception.Message}");
            }

            foreach (GuestCopyRemark remark in quiet ? [] : result.Skipped)
            {
                surroundings.Error.WriteLine($"guestwire: {remark.Path} is left out: {remark.Reason}");
            }
        }

        if (json)
        {
            surroundings.WriteJson(WriteJson, surroundings.IsOutputTerminal);
        }
        else if (!quiet && surroundings.IsErrorTerminal)
        {
            foreach ((string source, string target, GuestCopyResult result) in _copies)
            {
                surroundings.Error.WriteLine($"{source} -> {target}: {Summary(result)}");
            }
        }
    }

    private void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach ((string source, string target, GuestCopyResult result) in _copies)
        {
            writer.WriteStartObject();
            writer.WriteString("source", source);
            writer.WriteString("target", target);
            writer.WriteNumber("files", result.Files);
            writer.WriteNumber("directories", result.Directories);
            writer.WriteNumber("links", result.Links);
            writer.WriteNumber("bytes", result.Bytes);
            writer.WriteNumber("resumed-bytes", result.ResumedBytes);
            writer.WriteNumber("seconds", result.Elapsed.TotalSeconds);
            Pairs(writer, "skipped", "reason", result.Skipped.Select(remark => (remark.Path, remark.Reason)));
            Pairs(writer, "errors", "error", result.Errors.Select(error => (error.Path, error.Exception.Message)));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Pairs(Utf8JsonWriter writer, string name, string what, IEnumerable<(string Path, string Text)> pairs)
    {
        writer.WriteStartArray(name);
        foreach ((string path, string text) in pairs)
        {
            writer.WriteStartObject();
            writer.WriteString("path", path);
            writer.WriteString(what, text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Summary(GuestCopyResult result)
    {
        double seconds = result.Elapsed.TotalSeconds;
        string rate = seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $", {result.Bytes / seconds / 1e6:0.0} MB/s") : "";
        string resumed = result.ResumedBytes > 0 ? $", {result.ResumedBytes} of them were there" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{result.Files} files, {result.Bytes} bytes{resumed} in {seconds:0.0} s{rate}");
    }

    /// <summary>Moves the bar.</summary>
    private sealed class Bar(ProgressTask bar) : IProgress<GuestCopyProgress>
    {
        /// <inheritdoc/>
        public void Report(GuestCopyProgress value)
        {
            bar.IsIndeterminate = !value.IsTotalKnown;
            bar.MaxValue = Math.Max(1, value.BytesTotal);
            bar.Value = value.BytesDone;
            bar.Description = value.FilesTotal > 1 ? $"{value.FilesDone} of {value.FilesTotal} files" : "copying";
        }
    }
}
