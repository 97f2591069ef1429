using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;
using Guestwire.Protocol;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// The JSON dialect held against the runtime's own reader. What we take and strict JSON spells alike, it takes as well, with the same meaning; what it takes
/// we take, but for what the dialect refuses: repeated keys, noncharacters, <c>0e1</c>, deeper than 1024. What we write back is JSON that means the same.
/// </summary>
internal sealed class JsonTarget : FuzzTarget
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 2048 };

    internal override string Name => "json";

    internal override string About => "one value: agrees with System.Text.Json, is written back with the same meaning";

    internal override InputShape Shape => InputShape.Json;

    internal override IEnumerable<byte[]> Seeds =>
    [
        .. SeedTexts.Requests.Where(request => request.Length < 300),
        .. SeedTexts.Words(
            "{\"a\":[1,2.5e3,-0.0,18446744073709551615,1e400],\"b\":{\"\":null}}", "'it\\'s'", "\"\\ud83d\\ude00\\u0000\\/\\b\\f\\n\\r\\t\"", "[0e1]", "[1-2]", "\"aGVs\\nbG8=\""),
    ];

    internal override IReadOnlyList<byte[]> Words { get; } =
        [.. SeedTexts.Words("true", "false", "null", "\\u0041", "\\ud83d\\ude00", "\\'", "1e5", "-0", "\"a\":"), [0xC0, 0x80], [0xF0, 0x9F, 0x98, 0x80], [0xC3, 0xA9]];

    internal override void Run(ReadOnlySpan<byte> input)
    {
        // A bare word ends where something else begins.
        byte[] bytes = [.. input, (byte)'\n'];
        using FrameReader frames = new();
        FrameFeed.Give(frames, bytes);
        FrameStatus status = frames.Read(out JsonValue value, out string? error);
        using JsonDocument? strict = TryParse(bytes);
        if (status == FrameStatus.Value)
        {
            CheckAccepted(value);
        }
        else if (strict is not null)
        {
            Violation.Unless(error is not null && IsDialect(error, input), "what strict JSON takes is taken", () => error ?? "more data");
        }
    }

    private static void CheckAccepted(JsonValue value)
    {
        string text = Encoding.Latin1.GetString(value.Text);
        string written = WriteBack(value);
        using JsonDocument? echoed = TryParse(Encoding.ASCII.GetBytes(written));
        bool isFinite = !HasInfinity(value);
        Violation.Unless(!isFinite || echoed is not null, "what is written back is JSON", () => written);
        using FrameReader again = new();
        FrameFeed.Give(again, Encoding.ASCII.GetBytes(written + "\n"));
        Violation.Unless(again.Read(out JsonValue same, out _) == FrameStatus.Value, "what is written back is a value", () => written);
        string twice = WriteBack(same);

        // A double zero with a sign goes out as -0, which is a whole number, which has no sign.
        Violation.Unless(written == twice || written.Contains("-0", StringComparison.Ordinal), "written back twice is written back once", () => $"{written} and {twice}");
        if (!text.Contains('\'', StringComparison.Ordinal) && !text.Contains("\u00C0\u0080", StringComparison.Ordinal))
        {
            using JsonDocument? strict = TryParse(value.Text.ToArray());
            Violation.Unless(strict is not null, "what is taken is strict JSON", () => text);
            JsonComparison.RequireSame(strict.RootElement, value);
        }

        if (value.Kind == JsonKind.String)
        {
            CheckBase64(value);
        }
    }

    /// <summary>Base64 is decoded in place, so this comes last.</summary>
    private static void CheckBase64(JsonValue value)
    {
        string text = value.GetString();
        bool isRegular = !text.Contains('\n', StringComparison.Ordinal) && Base64.IsValid(text) && !text.Any(char.IsWhiteSpace);
        try
        {
            Memory<byte> decoded = value.GetBase64().Decode();
            if (isRegular)
            {
                Violation.Unless(decoded.Span.SequenceEqual(Convert.FromBase64String(text)), "regular base64 is decoded as it should be", () => text);
            }
        }
        catch (QapiException)
        {
            Violation.Unless(!isRegular, "regular base64 is decoded", () => text);
        }
    }

    private static string WriteBack(JsonValue value)
    {
        using ByteBuffer output = new();
        new JsonWriter(output).Value(value);
        string text = Encoding.Latin1.GetString(output.Bytes);
        Violation.Unless(!text.AsSpan().ContainsAnyExceptInRange(' ', '~'), "what is written is one line of ASCII", () => text);
        return text;
    }

    private static bool HasInfinity(JsonValue value)
    {
        switch (value.Kind)
        {
            case JsonKind.Double:
                return !double.IsFinite(value.GetDouble());
            case JsonKind.Array:
                foreach (JsonValue item in value.Items)
                {
                    if (HasInfinity(item))
                    {
                        return true;
                    }
                }

                return false;
            case JsonKind.Object:
                foreach (JsonMember member in value.Members)
                {
                    if (HasInfinity(member.Value))
                    {
                        return true;
                    }
                }

                return false;
            default:
                return false;
        }
    }

    private static bool IsDialect(string error, ReadOnlySpan<byte> input) =>
        error.Contains("duplicate key", StringComparison.Ordinal)
        || error.Contains("is not a valid Unicode character", StringComparison.Ordinal)
        || !Utf8.IsValid(input) // which the other reader notices only when somebody wants the text
        || error.Contains("invalid UTF-8 sequence", StringComparison.Ordinal)
        || error.Contains("nesting depth", StringComparison.Ordinal)
        || input.IndexOf("0e"u8) >= 0 || input.IndexOf("0E"u8) >= 0;

    private static JsonDocument? TryParse(byte[] text)
    {
        try
        {
            return JsonDocument.Parse(text, s_deep);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
