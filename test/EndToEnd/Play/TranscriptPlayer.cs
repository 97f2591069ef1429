using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EndToEnd.Corpus;
using EndToEnd.Sandbox;

namespace EndToEnd.Play;

/// <summary>Plays a case against an agent in a sandbox and says what differs.</summary>
/// <remarks>
/// The reference must match a recording byte for byte. Ours may order the members of an object otherwise: its lines are
/// brought into the reference's order first (<see cref="ReferenceForm"/>), after which the bytes must match as well.
/// </remarks>
internal sealed class TranscriptPlayer(SandboxImage image)
{
    /// <summary>Latin-1, because recordings write the byte FF as U+00FF.</summary>
    private static readonly Encoding Bytes = Encoding.Latin1;

    /// <summary>Between two questions after a program that has not ended yet.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>Plays one case.</summary>
    /// <returns>Null when the agent did all as recorded, else what it did otherwise.</returns>
    internal async Task<string?> PlayAsync(TranscriptCase transcript)
    {
        TextVariables variables = new();
        variables.Set("DIR", SandboxedAgent.FilesFolder);
        variables.Set("STATE", SandboxedAgent.StateFolder);
        variables.Set("BASE", SandboxedAgent.BaseFolder);
        variables.Set("HOSTNAME", SandboxedAgent.HostName);
        variables.Set("VERSION", image.Version);
        variables.Set("PROG", image.Program);

        string[] arguments = transcript.Cli is null
            ? ["-m", "unix-listen", "-p", SandboxedAgent.SocketPath, "-t", SandboxedAgent.StateFolder, .. transcript.Arguments]
            : [.. transcript.Arguments];
        await using SandboxedAgent agent = await SandboxedAgent.StartAsync(image, transcript, arguments, variables);
        try
        {
            string? difference = transcript.Cli is null
                ? await ConverseAsync(agent, transcript, variables)
                : await RunAsync(agent, transcript, variables);
            difference ??= CompareFiles(agent, transcript, variables);
            return difference is null ? null : difference + agent.Describe();
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            return failure.Message + agent.Describe();
        }
    }

    private async Task<string?> ConverseAsync(SandboxedAgent agent, TranscriptCase transcript, TextVariables variables)
    {
        using LineConnection connection = new(await agent.ConnectAsync());
        using CancellationTokenSource deadline = new(SandboxedAgent.Patience);
        for (int i = 0; i < transcript.Steps.Count; i++)
        {
            Step step = transcript.Steps[i];
            byte[] request = step.Bytes ?? Encoding.UTF8.GetBytes(variables.Replace(step.Text!));
            byte[] output;
            while (true)
            {
                await connection.SendAsync(request, deadline.Token);
                output = await connection.ReadLinesAsync(step.Expectation.ReplyCount, deadline.Token);
                if (!IsTooEarly(step.Expectation, output))
                {
                    break;
                }

                await Task.Delay(AskAgain, deadline.Token);
            }

            if (CompareOutput(step.Expectation, output, variables) is { } difference)
            {
                return $"step {i}: {difference}";
            }

            await Task.Delay(step.Pause, deadline.Token);
        }

        byte[] rest = await connection.FinishAsync(deadline.Token);
        return rest.Length == 0 ? null : $"after the last step: {Shown(rest)} was not expected";
    }

    private static async Task<string?> RunAsync(SandboxedAgent agent, TranscriptCase transcript, TextVariables variables)
    {
        if (transcript.SignalAfterStart is { } signal)
        {
            await agent.WaitUntilUpAsync();
            await agent.SignalAsync(signal);
        }

        CliExpectation expected = transcript.Cli!;
        int status = await agent.WaitForExitAsync();
        string output = File.ReadAllText(agent.Outside(SandboxedAgent.BaseFolder + "/stdout"));
        bool errorsEmpty = new FileInfo(agent.Outside(SandboxedAgent.BaseFolder + "/stderr")).Length == 0;
        if (status != expected.ExitCode)
        {
            return $"expected exit status {expected.ExitCode}, got {status}";
        }

        if (expected.Output is { } whole && output != variables.Replace(whole))
        {
            return $"expected on standard output:\n{variables.Replace(whole)}\ngot:\n{output}";
        }

        if (expected.OutputPrefix is { } prefix && !output.StartsWith(variables.Replace(prefix), StringComparison.Ordinal))
        {
            return $"standard output does not begin with {variables.Replace(prefix)}:\n{output}";
        }

        return errorsEmpty == expected.ErrorsEmpty ? null : $"standard error is {(errorsEmpty ? "" : "not ")}empty";
    }

    // A recording's pause was enough on the machine it was made on. On a slower one the program may still run:
    // then the question can be asked again, because only the answer that it has ended uses the record up.
    private static bool IsTooEarly(StepExpectation expectation, byte[] output) =>
        output.AsSpan().SequenceEqual("{\"return\": {\"exited\": false}}\n"u8)
        && expectation.Raw != "{\"return\": {\"exited\": false}}\n";

    private string? CompareOutput(StepExpectation expectation, byte[] output, TextVariables variables)
    {
        if (output.Length > 0 && output[^1] != (byte)'\n')
        {
            return $"the output does not end with a line's end: {Shown(output)}";
        }

        string[] lines = Bytes.GetString(output).Split('\n')[..^1];
        if (lines.Length != expectation.ReplyCount)
        {
            return $"expected {expectation.ReplyCount} lines, got {lines.Length}: {Shown(output)}";
        }

        for (int i = 0; i < lines.Length && expectation.Replies is not null; i++)
        {
            if (CompareReply(expectation.Replies[i], lines[i], variables) is { } difference)
            {
                return $"reply {i}: {difference}";
            }
        }

        return CompareBytes(expectation, output, lines, variables);
    }

    private static string? CompareReply(ExpectedReply expected, string line, TextVariables variables)
    {
        string json = line.TrimStart('\u00FF');
        if (line.Length - json.Length != expected.Sentinels)
        {
            return $"expected {expected.Sentinels} sentinels, got {line.Length - json.Length}";
        }

        if (expected.NotJson is { } text)
        {
            return json == text ? null : $"expected {text}, got {json}";
        }

        try
        {
            return new ReplyTemplate(variables).Compare(expected.Template, CorpusFile.Parse(json));
        }
        catch (JsonException failure)
        {
            return $"no JSON ({failure.Message}): {json}";
        }
    }

    private string? CompareBytes(StepExpectation expectation, byte[] output, string[] lines, TextVariables variables)
    {
        if (!image.Agent.IsReference && lines.Length > 0 && expectation.Replies?.All(reply => reply.NotJson is null) != false)
        {
            StringBuilder rewritten = new(output.Length);
            foreach (string line in lines)
            {
                string json = line.TrimStart('\u00FF');
                if (ReferenceForm.TryRewrite(json) is not { } form)
                {
                    return $"not written as the protocol has it: {json}";
                }

                rewritten.Append('\u00FF', line.Length - json.Length).Append(form).Append('\n');
            }

            output = Bytes.GetBytes(rewritten.ToString());
        }

        if (expectation.Raw is { } raw && variables.Replace(raw) is var expected && Bytes.GetString(output) != expected)
        {
            return $"expected the bytes {Shown(Bytes.GetBytes(expected))}, got {Shown(output)}";
        }

        if (expectation.RawSha256 is { } hash && Convert.ToHexStringLower(SHA256.HashData(output)) != hash)
        {
            return $"{output.Length} bytes of output have another hash: {Shown(output)}";
        }

        return null;
    }

    private static string? CompareFiles(SandboxedAgent agent, TranscriptCase transcript, TextVariables variables)
    {
        foreach ((string name, JsonElement expected) in transcript.FilesAfter)
        {
            string path = agent.Outside(name.StartsWith("state/", StringComparison.Ordinal)
                ? $"{SandboxedAgent.StateFolder}/{name[6..]}"
                : $"{SandboxedAgent.FilesFolder}/{name}");
            string actual;
            string wanted;
            if (expected.ValueKind == JsonValueKind.Array)
            {
                wanted = string.Join(' ', expected.EnumerateArray().Select(entry => entry.GetString()));
                actual = string.Join(' ', Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            }
            else if (!File.Exists(path))
            {
                return $"file {name} is missing";
            }
            else
            {
                wanted = variables.Replace(expected.GetString()!);
                actual = wanted.StartsWith("mode:", StringComparison.Ordinal)
                    ? $"mode:{Convert.ToString((int)File.GetUnixFileMode(path), 8)}"
                    : File.ReadAllText(path);
            }

            if (actual != wanted)
            {
                return $"file {name}: expected \"{wanted}\", found \"{actual}\"";
            }
        }

        return null;
    }

    private static string Shown(byte[] output)
    {
        string text = Bytes.GetString(output);
        return text.Length <= 2000 ? text : string.Concat(text.AsSpan(0, 2000), "...");
    }
}
