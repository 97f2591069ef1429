using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Facts;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Waits until a guest is ready.</summary>
internal sealed class WaitVerb : GuestVerb
{
    private const string ExecPrefix = "exec:";

    /// <summary>How long one attempt waits for an agent to prove to be there: what is sent to a port that no agent has open is lost, so asking again helps.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly Option<string> _for = new("--for")
    {
        Description = "what to wait for: agent (it answers), ip (the guest has an address that others can reach), exec:CMD (sh -c CMD succeeds in it)",
        HelpName = "WHAT",
        DefaultValueFactory = _ => "agent",
    };

    /// <inheritdoc/>
    internal override string Name => "wait";

    /// <inheritdoc/>
    internal override string Summary => "Wait until a guest's agent answers, it has an address, or a command succeeds in it";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire wait web1", "returns when the agent of web1 answers; its socket need not exist yet"),
        ("guestwire wait web1 --for ip", "returns when web1 has an address, and prints it"),
        ("guestwire wait web1 --for 'exec:systemctl is-active nginx' --timeout 300", "returns when nginx runs, with 4 when it does not within five minutes"),
    ];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        Options.Timeout.Description = "seconds to wait altogether";
        Options.Timeout.DefaultValueFactory = _ => 60;
        command.Options.Add(_for);
    }

    /// <inheritdoc/>
    private protected override void Check(ParseResult parsed)
    {
        string what = parsed.GetValue(_for)!;
        if (what is not ("agent" or "ip") && (!what.StartsWith(ExecPrefix, StringComparison.Ordinal) || what.Length == ExecPrefix.Length))
        {
            throw new UsageException($"--for wants agent, ip or exec:CMD, not '{what}'");
        }
    }

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        TimeProvider time = Surroundings.Of(parsed).Time;
        TimeSpan timeout = TimeSpan.FromSeconds(parsed.GetValue(Options.Timeout));
        string what = parsed.GetValue(_for)!;
        long began = time.GetTimestamp();
        using CancellationTokenSource late = new(timeout, time);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        GuestClient patient = new(guest.Transport, new GuestClientOptions { Timeout = timeout, SyncTimeout = timeout < s_patience ? timeout : s_patience });
        await using (patient.ConfigureAwait(false))
        {
            string reason = "it was not asked";
            try
            {
                for (TimeSpan pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
                {
                    (Result? result, reason) = await TryAsync(patient, what, () => time.GetElapsedTime(began), ending.Token).ConfigureAwait(false);
                    if (result is not null)
                    {
                        return result;
                    }

                    await Task.Delay(pause, time, ending.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"waited {timeout.TotalSeconds:0.###} seconds for {what} in vain: {reason}");
            }
        }
    }

    /// <returns>What came; or why it is not there yet.</returns>
    private static async Task<(Result? Result, string Reason)> TryAsync(GuestClient guest, string what, Func<TimeSpan> elapsed, CancellationToken cancellation)
    {
        try
        {
            switch (what)
            {
                case "agent":
                    await guest.GuestPingAsync(cancellation).ConfigureAwait(false);
                    return (new Result(what, elapsed(), []), "");
                case "ip":
                    string[] addresses = [.. GuestAddresses.Reachable(await guest.GuestNetworkGetInterfacesAsync(cancellation).ConfigureAwait(false))];
                    return addresses.Length > 0 ? (new Result(what, elapsed(), addresses), "") : (null, "the guest has no address that others can reach");
                default:
                    GuestProgram program = new("/bin/sh") { Arguments = ["-c", what[ExecPrefix.Length..]] };
                    GuestExit exit = (await guest.RunProgramAsync(program, null, cancellation).ConfigureAwait(false)).Exit;
                    return exit.Status == 0 ? (new Result(what, elapsed(), []), "") : (null, $"it ended with {exit.Status}");
            }
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            // Not there yet, or just going away.
            return (null, exception.Message);
        }
    }

    private sealed class Result(string what, TimeSpan elapsed, IReadOnlyList<string> addresses) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            if (addresses.Count == 0)
            {
                console.WriteLine(what == "agent" ? "the agent answers" : "the command succeeded");
            }

            foreach (string address in addresses)
            {
                console.WriteLine(HumanText.Safe(address));
            }
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteString("for", what);
            writer.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
            if (addresses.Count > 0)
            {
                writer.WriteStartArray("ip-addresses");
                foreach (string address in addresses)
                {
                    writer.WriteStringValue(address);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }
    }
}
