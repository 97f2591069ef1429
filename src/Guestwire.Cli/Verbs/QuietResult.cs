using System.Text.Json;
using Guestwire.Cli.Output;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>It is done, and there is nothing more to say than that.</summary>
/// <param name="text">That, for people.</param>
internal sealed class QuietResult(string text) : VerbResult
{
    /// <inheritdoc/>
    internal override void WriteText(IAnsiConsole console) => console.WriteLine(text);

    /// <inheritdoc/>
    internal override void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteEndObject();
    }
}
