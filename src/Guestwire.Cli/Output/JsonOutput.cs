using System.Text;
using System.Text.Json;

namespace Guestwire.Cli.Output;

/// <summary>JSON for scripts: a value and the end of its line; spread over lines for a terminal.</summary>
internal static class JsonOutput
{
    /// <summary>Writes a value.</summary>
    internal static void WriteLine(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { Indented = Terminal.IsOutput }))
        {
            write(writer);
        }

        output.WriteLine(Encoding.UTF8.GetString(json.GetBuffer().AsSpan(0, (int)json.Length)));
    }
}
