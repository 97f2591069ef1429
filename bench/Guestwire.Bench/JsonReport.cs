using System.Text.Encodings.Web;
using System.Text.Json;

namespace Guestwire.Bench;

/// <summary>
/// Everything for machines: <c>{"mode", "rounds", "rows": [{"group", "name", "unit", "promise", "met", "ratio", and for each target that
/// was measured "ours", "reference", "limit": {"median", "rounds": [...]}}], "notes": [...]}</c>.
/// </summary>
internal static class JsonReport
{
    // Signs such as µ stand as they are: this goes into no web page.
    private static readonly JsonWriterOptions Form = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it to where the options say.</summary>
    internal static void Write(Options options, IEnumerable<IGroup> groups, Results results)
    {
        using Stream stream = options.Json == "-" ? Console.OpenStandardOutput() : File.Create(options.Json!);
        using (Utf8JsonWriter writer = new(stream, Form))
        {
            writer.WriteStartObject();
            writer.WriteString("mode", JsonNamingPolicy.CamelCase.ConvertName(options.Mode.ToString()));
            writer.WriteNumber("rounds", options.Rounds);
            writer.WriteStartArray("rows");
            foreach (IGroup group in groups)
            {
                foreach (Row row in group.Rows.Where(row => Table.IsMeasured(row, results)))
                {
                    WriteRow(writer, group, row, results);
                }
            }

            writer.WriteEndArray();
            writer.WriteStartArray("notes");
            foreach (string note in results.Notes)
            {
                writer.WriteStringValue(note);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void WriteRow(Utf8JsonWriter writer, IGroup group, Row row, Results results)
    {
        writer.WriteStartObject();
        writer.WriteString("group", group.Name);
        writer.WriteString("name", row.Name);
        writer.WriteString("unit", row.Unit);
        if (results.PromiseOf(row) is { } promise)
        {
            writer.WriteString("promise", promise.Text);
        }

        if (results.IsMet(row) is bool isMet)
        {
            writer.WriteBoolean("met", isMet);
        }

        if (results.Ratio(row) is double ratio)
        {
            writer.WriteNumber("ratio", ratio);
        }

        foreach (TargetKind target in Enum.GetValues<TargetKind>().Where(target => results.Values(row, target).Count > 0))
        {
            writer.WriteStartObject(JsonNamingPolicy.CamelCase.ConvertName(target.ToString()));
            writer.WriteNumber("median", results.Median(row, target)!.Value);
            writer.WriteStartArray("rounds");
            foreach (double value in results.Values(row, target))
            {
                writer.WriteNumberValue(value);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
