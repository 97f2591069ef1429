using System.Globalization;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Paths;

/// <summary>Runs copies, says what they came to, and on a terminal how far they are, on standard error.</summary>
/// <param name="surroundings">Where to write.</param>
/// <param name="json">Whether the result is wanted as JSON.</param>
/// <param name="quiet">Whether only errors are wanted.</param>
internal sealed class CopyReport(Surroundings surroundings, bool json, bool quiet)
{
    /// <summary>Runs the copies of one guest.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> RunAsync(GuestCopies copies, CancellationToken cancellation)
    {
        try
        {
            await WithBarsAsync(1, bars => ShowAsync(bars, copies, bar => copies.RunAsync(bar, cancellation))).ConfigureAwait(false);
            return copies.Code ?? ExitCode.Failed;
        }
        finally
        {
            // Also of what was done before it went wrong.
            Write(copies, isSeveral: false);
            if (json)
            {
                surroundings.WriteJson(writer => WriteJson(writer, copies), surroundings.IsOutputTerminal);
            }
        }
    }

    /// <summary>Runs the copies of several guests. What goes wrong in one does not keep the others from it.</summary>
    /// <param name="guests">The guests.</param>
    /// <param name="parallel">How many are worked on at once.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    internal async Task<int> RunAsync(IReadOnlyList<GuestCopies> guests, int parallel, CancellationToken cancellation)
    {
        try
        {
            await WithBarsAsync(guests.Count, bars => Parallel.ForEachAsync(
                guests,
                new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation },
                async (copies, stop) => await ShowAsync(bars, copies, bar => RunAsync(copies, bar, stop)).ConfigureAwait(false))).ConfigureAwait(false);
            return GuestRun.CodeOf(CodesOf(guests));
        }
        finally
        {
            // Not before: while there are bars, they have the terminal.
            foreach (GuestCopies copies in guests.Where(copies => copies.Code is not null))
            {
                Write(copies, isSeveral: true);
                if (json)
                {
                    surroundings.WriteJson(writer => WriteLine(writer, copies), indented: false);
                }
            }

            if (!json && !quiet)
            {
                surroundings.Error.WriteLine(GuestRun.SummaryOf(CodesOf(guests)));
            }
        }
    }

    private static async Task RunAsync(GuestCopies copies, CopyBar? bar, CancellationToken cancellation)
    {
        try
        {
            await copies.RunAsync(bar, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (Failures.CodeOf(exception, cancellation) is int code)
        {
            copies.Fail(code, exception.Message);
            if (code == ExitCode.Interrupted)
            {
                throw;
            }
        }
    }

    private static int[] CodesOf(IEnumerable<GuestCopies> guests) => [.. guests.Select(copies => copies.Code ?? ExitCode.Interrupted)];

    private Task WithBarsAsync(int guests, Func<CopyBars?, Task> work) =>
        quiet || !surroundings.IsErrorTerminal ? work(null) : CopyBars.ShowAsync(surroundings.Error, guests, work);

    private static Task ShowAsync(CopyBars? bars, GuestCopies copies, Func<CopyBar?, Task> work) =>
        bars is null ? work(null) : bars.ShowAsync(copies.Guest, work);

    private void Write(GuestCopies copies, bool isSeveral)
    {
        string guest = isSeveral ? $"{copies.Guest}: " : "";
        foreach ((_, _, GuestCopyResult result) in copies.Done)
        {
            foreach (GuestCopyError error in result.Errors)
            {
                Complain($"{guest}{error.Path}: {error.Exception.Message}");
            }

            foreach (GuestCopyRemark remark in quiet ? [] : result.Skipped)
            {
                Complain($"{guest}{remark.Path} is left out: {remark.Reason}");
            }
        }

        if (copies.Error is { } end && copies.Code != ExitCode.Interrupted)
        {
            Complain($"{guest}{end}");
        }

        if (!json && !quiet && surroundings.IsErrorTerminal)
        {
            foreach ((string source, string target, GuestCopyResult result) in copies.Done)
            {
                surroundings.Error.WriteLine($"{HumanText.Safe(source)} -> {HumanText.Safe(target)}: {Summary(result)}");
            }
        }
    }

    // Names of files are a guest's.
    private void Complain(string text) => surroundings.Error.WriteLine(HumanText.Complaint(text));

    private static void WriteLine(Utf8JsonWriter writer, GuestCopies copies)
    {
        writer.WriteStartObject();
        writer.WriteString("guest", copies.Guest);
        writer.WriteNumber("status", copies.Code ?? ExitCode.Interrupted);
        writer.WritePropertyName("result");
        WriteJson(writer, copies);
        if (copies.Error is { } error)
        {
            writer.WriteString("error", error);
        }

        writer.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter writer, GuestCopies copies)
    {
        writer.WriteStartArray();
        foreach ((string source, string target, GuestCopyResult result) in copies.Done)
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
}
