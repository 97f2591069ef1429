using System.Text;
using System.Text.Json;

namespace EndToEnd.Host;

/// <summary>What one run of the command came to.</summary>
/// <param name="Status">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record HostAnswer(int Status, byte[] Output, string Errors)
{
    /// <summary>Standard output as text.</summary>
    internal string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Standard output as JSON.</summary>
    internal JsonElement Json => JsonDocument.Parse(Output).RootElement;
}
