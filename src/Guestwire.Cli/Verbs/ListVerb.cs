using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Facts;
using Guestwire.Cli.Output;
using Guestwire.Cli.Targets;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Lists the guests that can be named.</summary>
internal sealed class ListVerb : Verb
{
    /// <summary>Guests asked at once: enough that many silent ones cost little more than one.</summary>
    private const int MaxParallel = 64;

    private readonly Argument<string[]> _patterns = new("pattern")
    {
        Description = "only guests of these names, which may have * and ?",
        HelpName = "NAME",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _noAgent = new("--no-agent") { Description = "do not ask their agents" };

    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "seconds that a guest may take to answer",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 2,
    };

    private readonly Option<bool> _json = new("--json") { Description = "write JSON" };

    /// <inheritdoc/>
    internal override string Name => "list";

    /// <inheritdoc/>
    internal override string Summary => "List all guests that are found, those shut off too, and what their agents say";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire list", "prints every guest: where it was found, whether it runs, its agent, system and addresses"),
        ("guestwire list 'web*' --no-agent", "prints those whose names begin with web, without asking them"),
        ("guestwire list --json | jq -r '.[] | select(.agent == null) | .name'", "prints the guests whose agent does not answer"),
    ];

    /// <inheritdoc/>
    internal override string Remarks => "All running guests are asked at once; one that is silent holds the list up for no longer than --timeout.";

    /// <inheritdoc/>
    private protected override void Declare(Command command)
    {
        _timeout.Accept(seconds => seconds is > 0 and <= GuestOptions.MaxSeconds, $"seconds, more than 0 and at most {GuestOptions.MaxSeconds}");
        command.Arguments.Add(_patterns);
        command.Options.Add(_noAgent);
        command.Options.Add(_timeout);
        command.Options.Add(_json);
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Surroundings surroundings = Surroundings.Of(parsed);
        (Target[] targets, int code) = await FindAsync(surroundings, parsed.GetValue(_patterns) ?? [], cancellation).ConfigureAwait(false);
        Line[] lines = [.. targets.Select(target => new Line(target))];
        if (!parsed.GetValue(_noAgent))
        {
            TimeSpan patience = TimeSpan.FromSeconds(parsed.GetValue(_timeout));
            ParallelOptions limits = new() { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellation };
            await Parallel.ForEachAsync(
                lines.Where(line => line.Target.State is null or "running"), limits, (line, stop) => line.AskAsync(patience, stop)).ConfigureAwait(false);
        }

        if (parsed.GetValue(_json))
        {
            surroundings.WriteJson(writer => WriteJson(writer, lines), indented: surroundings.IsOutputTerminal);
        }
        else
        {
            WriteText(surroundings.OpenConsole(), lines);
        }

        return code;
    }

    /// <summary>Asks every source. One that does not answer is told of, and the others are listed.</summary>
    private static async Task<(Target[] Targets, int Code)> FindAsync(Surroundings surroundings, string[] patterns, CancellationToken cancellation)
    {
        List<Target> found = [];
        int code = ExitCode.Done;
        foreach (IGuestSource source in surroundings.Guests.Sources)
        {
            try
            {
                found.AddRange((await source.ListAsync(cancellation).ConfigureAwait(false)).Select(target => target with { Source = source.Name }));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
            {
                await surroundings.Error.WriteLineAsync(HumanText.Complaint($"{source.Name}: {exception.Message}")).ConfigureAwait(false);
                code = ExitCode.Partly;
            }
        }

        IEnumerable<Target> wanted = found.DistinctBy(target => target.Name);
        return ([.. patterns.Length == 0 ? wanted : wanted.Where(target => patterns.Any(pattern => TargetResolver.IsMeant(target, pattern)))], code);
    }

    private static void WriteText(IAnsiConsole console, Line[] lines)
    {
        if (lines.Length == 0)
        {
            console.WriteLine("no guests found");
            return;
        }

        Table table = Terminal.Table("Name", "State", "Agent", "System", "Addresses", "Found in");
        foreach (Line line in lines)
        {
            table.AddCells(
                line.Target.Name,
                line.Target.State ?? "-",
                line.Features is { } features ? new GuestAgent(features).Text : line.Error ?? "-",
                line.System?.PrettyName ?? line.System?.Name ?? "-",
                line.Interfaces is { } interfaces && string.Join(",", GuestAddresses.Reachable(interfaces)) is { Length: > 0 } addresses ? addresses : "-",
                line.Target.Source ?? "-");
        }

        console.WriteTable(table);
    }

    private static void WriteJson(Utf8JsonWriter writer, Line[] lines)
    {
        writer.WriteStartArray();
        foreach (Line line in lines)
        {
            line.WriteJson(writer);
        }

        writer.WriteEndArray();
    }

    /// <summary>A guest, and what it said.</summary>
    private sealed class Line(Target target)
    {
        internal Target Target => target;

        internal GuestFeatures? Features { get; private set; }

        internal GuestOSInfo? System { get; private set; }

        internal IReadOnlyList<GuestNetworkInterface>? Interfaces { get; private set; }

        /// <summary>Why it said nothing; null when it was not asked.</summary>
        internal string? Error { get; private set; }

        internal async ValueTask AskAsync(TimeSpan patience, CancellationToken cancellation)
        {
            GuestClient guest = new(target.Transport, new GuestClientOptions { Timeout = patience, SyncTimeout = patience });
            await using (guest.ConfigureAwait(false))
            {
                try
                {
                    Features = await guest.GetFeaturesAsync(cancellation).ConfigureAwait(false);
                    GuestQuestions questions = new(Answer<GuestFeatures>.Of(Features));
                    Task<Answer<GuestOSInfo>> system = questions.AskAsync("guest-get-osinfo", () => guest.GuestGetOsinfoAsync(cancellation));
                    Task<Answer<IReadOnlyList<GuestNetworkInterface>>> interfaces =
                        questions.AskAsync("guest-network-get-interfaces", () => guest.GuestNetworkGetInterfacesAsync(cancellation));
                    System = (await system.ConfigureAwait(false)).Value;
                    Interfaces = (await interfaces.ConfigureAwait(false)).Value;
                }
                catch (TimeoutException)
                {
                    Error = "silent";
                }
                catch (Exception exception) when (Failures.CodeOf(exception, cancellation) is int code && code != ExitCode.Interrupted)
                {
                    Error = exception.Message;
                }
            }
        }

        internal void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteString("name", target.Name);
            writer.WriteString("target", target.Transport.ToString());
            writer.WriteString("source", target.Source);
            writer.WriteString("state", target.State);
            writer.WritePropertyName("agent");
            if (Features is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteString("kind", new GuestAgent(Features).Kind);
                writer.WriteString("version", Features.Version);
                writer.WriteEndObject();
            }

            if (Error is not null)
            {
                writer.WriteString("error", Error);
            }

            if (System is not null)
            {
                Wire.WriteMember(writer, "osinfo", json => GuestOSInfoCodec.Write(json, System));
            }

            if (Interfaces is not null)
            {
                writer.WriteStartArray("ip-addresses");
                foreach (string address in GuestAddresses.Reachable(Interfaces))
                {
                    writer.WriteStringValue(address);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }
    }
}
