using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Spectre.Console;

namespace Guestwire.Cli.Targets;

/// <summary>One verb at work on the guests that were named: at once as far as allowed, the results in one piece each, a summary, an exit code.</summary>
internal sealed class GuestRun
{
    private readonly Surroundings _surroundings;
    private readonly IReadOnlyList<Target> _targets;
    private readonly bool _isSeveral;
    private readonly bool _json;
    private readonly int _parallel;
    private readonly GuestClientOptions _options;
    private readonly Lock _output = new();

    private GuestRun(Surroundings surroundings, IReadOnlyList<Target> targets, bool isSeveral, bool json, int parallel, GuestClientOptions options)
    {
        _surroundings = surroundings;
        _targets = targets;
        _isSeveral = isSeveral;
        _json = json;
        _parallel = parallel;
        _options = options;
    }

    /// <summary>The guests, in the order in which they were named.</summary>
    internal IReadOnlyList<Target> Targets => _targets;

    /// <summary>Whether what comes of a guest is told with its name: several were named, or may be meant.</summary>
    internal bool IsSeveral => _isSeveral || _targets.Count != 1;

    /// <summary>How many are worked on at once.</summary>
    internal int Parallel => _parallel;

    /// <summary>Finds the guests.</summary>
    /// <exception cref="UsageException">There are none of that name.</exception>
    internal static async Task<GuestRun> PrepareAsync(
        GuestOptions options, ParseResult parsed, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        bool all = parsed.GetValue(options.All);
        Surroundings surroundings = Surroundings.Of(parsed);
        IReadOnlyList<Target> targets = await surroundings.Guests.ResolveAsync(names, all, cancellation).ConfigureAwait(false);
        return new GuestRun(surroundings, targets, all || names.Count > 1 || names.Any(TargetResolver.IsPattern), parsed.GetValue(options.Json), parsed.GetValue(options.Parallel), ClientOptions(options, parsed));
    }

    /// <summary>How patient a client is that the options ask for.</summary>
    internal static GuestClientOptions ClientOptions(GuestOptions options, ParseResult parsed)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(parsed.GetValue(options.Timeout));
        GuestClientOptions defaults = new();
        return new GuestClientOptions { Timeout = timeout, SyncTimeout = timeout < defaults.SyncTimeout ? timeout : defaults.SyncTimeout };
    }

    /// <summary>A client of one of them, as patient as the options say.</summary>
    internal GuestClient Connect(Target target) => new(target.Transport, _options);

    /// <summary>Works on all of them.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> ForEachAsync(Func<GuestClient, CancellationToken, Task<VerbResult>> work, CancellationToken cancellation)
    {
        if (!IsSeveral)
        {
            return await OneAsync(_targets[0], work, cancellation).ConfigureAwait(false);
        }

        int[] codes = new int[_targets.Count];
        ParallelOptions limits = new() { MaxDegreeOfParallelism = _parallel, CancellationToken = cancellation };
        await System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(0, _targets.Count), limits, async (index, stop) =>
            codes[index] = await OneOfSeveralAsync(_targets[index], work, stop).ConfigureAwait(false)).ConfigureAwait(false);
        return Summarize(codes);
    }

    private async Task<int> OneAsync(Target target, Func<GuestClient, CancellationToken, Task<VerbResult>> work, CancellationToken cancellation)
    {
        GuestClient guest = Connect(target);
        await using (guest.ConfigureAwait(false))
        {
            VerbResult result = await work(guest, cancellation).ConfigureAwait(false);
            if (_json)
            {
                _surroundings.WriteJson(result.WriteJson, indented: _surroundings.IsOutputTerminal);
            }
            else
            {
                result.WriteText(_surroundings.OpenConsole());
            }

            return result.Code;
        }
    }

    private async Task<int> OneOfSeveralAsync(Target target, Func<GuestClient, CancellationToken, Task<VerbResult>> work, CancellationToken cancellation)
    {
        GuestClient guest = Connect(target);
        await using (guest.ConfigureAwait(false))
        {
            try
            {
                VerbResult result = await work(guest, cancellation).ConfigureAwait(false);
                Report(target, result.Code, result, null);
                return result.Code;
            }
            catch (Exception exception) when (Failures.CodeOf(exception, cancellation) is int code && code != ExitCode.Interrupted)
            {
                Report(target, code, null, exception.Message);
                return code;
            }
        }
    }

    /// <summary>Writes what one of several came to, in one piece.</summary>
    private void Report(Target target, int code, VerbResult? result, string? error)
    {
        lock (_output)
        {
            if (_json)
            {
                _surroundings.WriteJson(writer => Line(writer, target, code, result, error), indented: false);
            }
            else if (result is not null)
            {
                IAnsiConsole console = _surroundings.OpenConsole();
                console.MarkupLineInterpolated($"[bold]{target.Name}[/]");
                result.WriteText(console);
                console.WriteLine();
            }
            else
            {
                _surroundings.Error.WriteLine(HumanText.Complaint($"{target.Name}: {error}"));
            }
        }
    }

    private static void Line(Utf8JsonWriter writer, Target target, int code, VerbResult? result, string? error)
    {
        writer.WriteStartObject();
        writer.WriteString("guest", target.Name);
        writer.WriteNumber("status", code);
        if (result is not null)
        {
            writer.WritePropertyName("result");
            result.WriteJson(writer);
        }
        else
        {
            writer.WriteString("error", error);
        }

        writer.WriteEndObject();
    }

    private int Summarize(int[] codes)
    {
        if (!_json)
        {
            _surroundings.Error.WriteLine(SummaryOf(codes));
        }

        return CodeOf(codes);
    }

    /// <summary>What several came to, in a line.</summary>
    internal static string SummaryOf(int[] codes)
    {
        int failed = codes.Count(code => code != ExitCode.Done);
        return failed == 0 ? $"{codes.Length} guests, all done" : $"{codes.Length} guests, {failed} failed";
    }

    /// <summary>The exit code of several: theirs when they agree.</summary>
    internal static int CodeOf(int[] codes)
    {
        int failed = codes.Count(code => code != ExitCode.Done);
        return failed == 0 ? ExitCode.Done
            : failed == codes.Length && codes.Distinct().Count() == 1 ? codes[0]
            : ExitCode.Partly;
    }
}
