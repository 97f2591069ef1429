using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Cli.Targets;
using Guestwire.Cli.Top;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Watches guests at work.</summary>
internal sealed class TopVerb : Verb
{
    /// <summary>A day.</summary>
    private const int MaxInterval = 86400;

    private readonly Argument<string[]> _guests = GuestOptions.Guests();
    private readonly GuestOptions _options = new();

    private readonly Option<double> _interval = new("--interval") { Description = "seconds from one sample to the next", HelpName = "SECONDS", DefaultValueFactory = _ => 2 };
    private readonly Option<int> _count = new("--count") { Description = "end after so many samples; 0 goes on for ever", HelpName = "N" };
    private readonly Option<int> _processes = new("--processes") { Description = "processes to show of each guest", HelpName = "N", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _batch = new("--batch") { Description = "print one sample below the other, as it is done when standard output is no terminal" };

    /// <inheritdoc/>
    internal override string Name => "top";

    /// <inheritdoc/>
    internal override string Summary => "Watch guests at work: load, processors, memory, disks, network, processes";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire top web1", "shows web1 at work until q or Ctrl-C is pressed"),
        ("guestwire top 'web*' --interval 5", "shows several guests, every five seconds"),
        ("guestwire top web1 --json --count 1", "prints one sample, taken over two seconds"),
    ];

    /// <inheritdoc/>
    internal override string Remarks => "Processes are shown when the guest has Guestwire's agent. A guest that goes away is shown again when it is back.";

    /// <inheritdoc/>
    private protected override void Declare(Command command)
    {
        _interval.Accept(seconds => seconds is >= 0.1 and <= MaxInterval, $"seconds, 0.1 to {MaxInterval}");
        _count.Accept(number => number >= 0, "a number from 0 on");
        _processes.Accept(number => number >= 0, "a number from 0 on");
        command.Arguments.Add(_guests);
        _options.AddTo(command);
        command.Options.Add(_interval);
        command.Options.Add(_count);
        command.Options.Add(_processes);
        command.Options.Add(_batch);
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Surroundings surroundings = Surroundings.Of(parsed);
        IReadOnlyList<Target> targets = await surroundings.Guests
            .ResolveAsync(parsed.GetValue(_guests) ?? [], parsed.GetValue(_options.All), cancellation).ConfigureAwait(false);
        TopGuest[] guests = [.. targets.Select(target => new TopGuest(target, GuestRun.ClientOptions(_options, parsed), surroundings.Time))];
        try
        {
            await SampleAsync(guests, parsed, cancellation).ConfigureAwait(false);
            if (guests.All(guest => guest.Error is not null))
            {
                // Not one to watch.
                Report(surroundings, guests);
            }
            else if (surroundings.IsOutputTerminal && !parsed.GetValue(_options.Json) && !parsed.GetValue(_batch))
            {
                await WatchAsync(surroundings, parsed, guests, cancellation).ConfigureAwait(false);
            }
            else
            {
                await PrintAsync(surroundings, parsed, guests, cancellation).ConfigureAwait(false);
            }

            return CodeOf(guests);
        }
        finally
        {
            foreach (TopGuest guest in guests)
            {
                await guest.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task SampleAsync(TopGuest[] guests, ParseResult parsed, CancellationToken cancellation)
    {
        ParallelOptions limits = new() { MaxDegreeOfParallelism = parsed.GetValue(_options.Parallel), CancellationToken = cancellation };
        await Parallel.ForEachAsync(guests, limits, (guest, stop) => guest.SampleAsync(stop)).ConfigureAwait(false);
    }

    /// <summary>Prints samples one below the other.</summary>
    private async Task PrintAsync(Surroundings surroundings, ParseResult parsed, TopGuest[] guests, CancellationToken cancellation)
    {
        int count = parsed.GetValue(_count);
        for (int done = 0; count == 0 || done < count; done++)
        {
            await Task.Delay(TimeSpan.FromSeconds(parsed.GetValue(_interval)), surroundings.Time, cancellation).ConfigureAwait(false);
            await SampleAsync(guests, parsed, cancellation).ConfigureAwait(false);
            foreach (TopGuest guest in guests)
            {
                if (parsed.GetValue(_options.Json))
                {
                    surroundings.WriteJson(writer => WriteJson(writer, guest, guests.Length > 1, parsed.GetValue(_processes)), indented: false);
                }
                else
                {
                    WriteText(surroundings.Output, guest, surroundings.Time.GetUtcNow(), parsed.GetValue(_processes));
                }
            }

            await surroundings.Output.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Shows samples on the screen until somebody has seen enough.</summary>
    private async Task WatchAsync(Surroundings surroundings, ParseResult parsed, TopGuest[] guests, CancellationToken cancellation)
    {
        int count = parsed.GetValue(_count);
        IAnsiConsole console = surroundings.OpenConsole();
        using TopScreen screen = new(surroundings.Output);
        Task<char> key = surroundings.ReadKeyAsync();
        for (int done = 0; count == 0 || done < count; done++)
        {
            screen.Show(ScreenLines(guests, console.Profile.Height, surroundings.Time.GetUtcNow()), console.Profile.Width, console.Profile.Height);
            Task pause = Task.Delay(TimeSpan.FromSeconds(parsed.GetValue(_interval)), surroundings.Time, cancellation);
            while (await Task.WhenAny(pause, key).ConfigureAwait(false) == key)
            {
                if (await key.ConfigureAwait(false) is 'q' or 'Q')
                {
                    return;
                }

                key = surroundings.ReadKeyAsync();
            }

            await pause.ConfigureAwait(false);
            if (done + 1 != count)
            {
                await SampleAsync(guests, parsed, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static List<(string Text, bool IsHeading)> ScreenLines(TopGuest[] guests, int height, DateTimeOffset now)
    {
        List<(string, bool)> lines = [($"{HumanText.Time(now)}   q ends", false)];
        int processes = Math.Max(((height - 1) / guests.Length) - TopText.FixedLines, 0);
        foreach (TopGuest guest in guests)
        {
            lines.Add(("", false));
            lines.Add((guest.Name, true));
            lines.AddRange(Lines(guest, processes).Select(line => (line, false)));
        }

        return lines;
    }

    private static void WriteText(TextWriter output, TopGuest guest, DateTimeOffset now, int processes)
    {
        output.WriteLine($"{guest.Name}   {HumanText.Time(now)}");
        foreach (string line in Lines(guest, processes))
        {
            output.WriteLine(HumanText.Safe(line));
        }

        output.WriteLine();
    }

    private static IEnumerable<string> Lines(TopGuest guest, int processes) =>
        guest.Error is { } error ? [error]
        : guest.Rates is { } rates ? TopText.Lines(rates, processes)
        : ["its first sample is taken; rates come with the next"];

    private static void WriteJson(Utf8JsonWriter writer, TopGuest guest, bool isSeveral, int processes)
    {
        if (!isSeveral && guest.Rates is { } only)
        {
            TopJson.Write(writer, only, processes);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("guest", guest.Name);
        writer.WriteNumber("status", guest.Code);
        if (guest.Rates is { } rates)
        {
            writer.WritePropertyName("result");
            TopJson.Write(writer, rates, processes);
        }
        else
        {
            writer.WriteString("error", guest.Error ?? "its first sample is taken; rates come with the next");
        }

        writer.WriteEndObject();
    }

    private static void Report(Surroundings surroundings, TopGuest[] guests)
    {
        foreach (TopGuest guest in guests)
        {
            surroundings.Error.WriteLine(HumanText.Complaint($"{(guests.Length > 1 ? $"{guest.Name}: " : "")}{guest.Error}"));
        }
    }

    private static int CodeOf(TopGuest[] guests) =>
        guests.Select(guest => guest.Code).Distinct().Count() == 1 ? guests[0].Code : ExitCode.Partly;
}
