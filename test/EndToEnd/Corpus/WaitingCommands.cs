using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EndToEnd.Corpus;

/// <summary>Rewrites cases for an agent that lacks some commands still: it lists and knows them as little as a misspelt one.</summary>
/// <param name="commands">The commands that wait.</param>
internal sealed class WaitingCommands(IReadOnlySet<string> commands)
{
    /// <summary>
    /// The case up to the first request for a waiting command, which must be answered with CommandNotFound; unchanged
    /// (the same object) when it asks for none and lists none.
    /// </summary>
    internal TranscriptCase Adapt(TranscriptCase recorded)
    {
        if (recorded.Cli is { Output: { } output } cli)
        {
            string[] lines = output.Split('\n');
            return lines.Any(commands.Contains)
                ? recorded with { Cli = cli with { Output = string.Join('\n', lines.Where(line => !commands.Contains(line))) } }
                : recorded;
        }

        List<Step> steps = [];
        bool adapted = false;
        foreach (Step step in recorded.Steps)
        {
            if (WaitingCommandOf(step) is { } request)
            {
                steps.Add(step with { Expectation = NotFound(request) });
                return recorded with { Steps = steps, FilesAfter = new Dictionary<string, JsonElement>() };
            }

            Step without = WithoutListed(step);
            adapted |= without != step;
            steps.Add(without);
        }

        return adapted ? recorded with { Steps = steps } : recorded;
    }

    // Only a request that is valid so far comes to the point where a command is looked up.
    private JsonElement? WaitingCommandOf(Step step)
    {
        try
        {
            JsonElement request = CorpusFile.Parse(step.Text ?? Encoding.UTF8.GetString(step.Bytes!));
            return request.ValueKind == JsonValueKind.Object
                && request.TryGetProperty("execute", out JsonElement name)
                && name.ValueKind == JsonValueKind.String
                && commands.Contains(name.GetString()!)
                && !IsEnvelopeError(step.Expectation)
                ? request
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsEnvelopeError(StepExpectation expectation) =>
        expectation.Replies is [{ Template.ValueKind: JsonValueKind.Object } reply, ..]
        && reply.Template.TryGetProperty("error", out JsonElement error)
        && error.GetProperty("desc").GetString()!.StartsWith("QMP input", StringComparison.Ordinal);

    private static StepExpectation NotFound(JsonElement request)
    {
        JsonObject reply = new()
        {
            ["error"] = new JsonObject
            {
                ["class"] = "CommandNotFound",
                ["desc"] = $"The command {request.GetProperty("execute").GetString()} has not been found",
            },
        };
        if (request.TryGetProperty("id", out JsonElement id))
        {
            reply["id"] = JsonNode.Parse(id.GetRawText());
        }

        return new StepExpectation([new ExpectedReply(0, CorpusFile.Parse(reply.ToJsonString()), null)], 1, null, null);
    }

    private Step WithoutListed(Step step)
    {
        if (step.Expectation.Replies is not [{ Template.ValueKind: JsonValueKind.Object } reply]
            || !reply.Template.TryGetProperty("return", out JsonElement result)
            || result.ValueKind != JsonValueKind.Object
            || !result.TryGetProperty("supported_commands", out _))
        {
            return step;
        }

        JsonNode info = JsonNode.Parse(reply.Template.GetRawText())!;
        JsonNode commandList = info["return"]!["supported_commands"]!;
        JsonArray listed = commandList as JsonArray ?? commandList["<<unordered>>"]!.AsArray();
        int removed = listed.RemoveAll(entry => commands.Contains(entry!["name"]!.GetValue<string>()));
        return removed == 0
            ? step
            : step with
            {
                Expectation = new StepExpectation([reply with { Template = CorpusFile.Parse(info.ToJsonString()) }], 1, null, null),
            };
    }
}
