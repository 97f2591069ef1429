using System.Text.Json;

namespace EndToEnd.Corpus;

/// <summary>A case in which our agent deliberately does better than the recording: Transcripts/deviations.json.</summary>
/// <param name="Name">The case.</param>
/// <param name="Reason">What is better, and why hosts are not hurt.</param>
/// <param name="Json">What our agent must do instead, in the corpus' own format: <c>steps</c> by number, <c>expect</c>, <c>signal_after_start</c>, <c>files_after</c>.</param>
internal sealed record Deviation(string Name, string Reason, JsonElement Json)
{
    /// <summary>The case as our agent must play it.</summary>
    internal TranscriptCase Apply(TranscriptCase recorded)
    {
        List<Step> steps = [.. recorded.Steps];
        if (Json.TryGetProperty("steps", out JsonElement changes))
        {
            foreach (JsonProperty change in changes.EnumerateObject())
            {
                int number = int.Parse(change.Name, System.Globalization.CultureInfo.InvariantCulture);
                steps[number] = steps[number] with { Expectation = CaseReader.ReadExpectation(change.Value) };
            }
        }

        return recorded with
        {
            Steps = steps,
            Cli = Json.TryGetProperty("expect", out JsonElement cli) ? CaseReader.ReadCli(cli) : recorded.Cli,
            SignalAfterStart = Json.TryGetProperty("signal_after_start", out JsonElement signal)
                ? signal.GetInt32()
                : recorded.SignalAfterStart,
            FilesAfter = Json.TryGetProperty("files_after", out JsonElement files)
                ? CaseReader.ReadFilesAfter(files)
                : recorded.FilesAfter,
        };
    }
}
