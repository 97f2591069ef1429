using System.Text;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Tests.Json;

public sealed class JsonWriterTests : IDisposable
{
    private readonly ByteBuffer _buffer = new();

    public void Dispose() => ((IDisposable)_buffer).Dispose();

    [Fact]
    public void Separators_are_a_comma_and_a_space_and_a_colon_and_a_space()
    {
        string text = Write(writer =>
        {
            writer.BeginObject();
            writer.Name("a"u8);
            writer.BeginArray();
            writer.Int64(1);
            writer.BeginObject();
            writer.EndObject();
            writer.Boolean(true);
            writer.EndArray();
            writer.Name("b"u8);
            writer.UInt64(ulong.MaxValue);
            writer.EndObject();
            writer.EndLine();
            writer.BeginObject();
            writer.EndObject();
        });

        Assert.Equal("{\"a\": [1, {}, true], \"b\": 18446744073709551615}\n{}", text);
    }

    [Theory]
    [InlineData("plain / 'text'", "plain / 'text'")]
    [InlineData("\"\\\b\f\n\r\t", "\\\"\\\\\\b\\f\\n\\r\\t")]
    [InlineData("\0\u001F\u007F", "\\u0000\\u001F\\u007F")]
    [InlineData("é\u201C😀", "\\u00E9\\u201C\\uD83D\\uDE00")]
    public void Text_is_ascii_with_the_references_escapes(string value, string expected) =>
        Assert.Equal($"\"{expected}\"", Write(writer => writer.String(value)));

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() =>
        Assert.Equal("\"\\uFFFDx\"", Write(writer => writer.String("\uD800x")));

    [Theory]
    [InlineData(2.5, "2.5")]
    [InlineData(1000, "1000")]
    [InlineData(0.1, "0.10000000000000001")]
    [InlineData(1e17, "1e+17")]
    [InlineData(1e-5, "1.0000000000000001e-05")]
    [InlineData(1.8446744073709552e+19, "1.8446744073709552e+19")]
    [InlineData(1.49951171875, "1.49951171875")]
    [InlineData(-0.0, "-0")]
    public void Doubles_have_seventeen_digits_as_in_C(double value, string expected) =>
        Assert.Equal(expected, Write(writer => writer.Double(value)));

    [Fact]
    public void A_stream_is_pulled_in_pieces_that_join_without_padding_and_the_rest_follows()
    {
        byte[] bytes = new byte[1000];
        new Random(1).NextBytes(bytes);
        JsonWriter writer = new(_buffer);
        writer.BeginObject();
        writer.Name("data"u8);
        writer.Stream(new MemoryBase64Source(bytes), "n", static (rest, state) =>
        {
            rest.Name("count"u8);
            rest.String((string)state);
            rest.EndObject();
        });

        int pulls = 0;
        while (writer.Pending is not null)
        {
            writer.Pull(300);
            pulls++;
        }

        Assert.Equal(4, pulls);
        Assert.Equal($"{{\"data\": \"{Convert.ToBase64String(bytes)}\", \"count\": \"n\"}}", Encoding.ASCII.GetString(_buffer.Bytes));
    }

    [Fact]
    public void An_empty_stream_is_an_empty_string()
    {
        JsonWriter writer = new(_buffer);
        writer.Stream(new MemoryBase64Source(default), "", static (_, _) => { });
        writer.Pull(3);

        Assert.Equal("\"\"", Encoding.ASCII.GetString(_buffer.Bytes));
    }

    [Fact]
    public void Writing_a_small_reply_allocates_nothing()
    {
        JsonWriter writer = new(_buffer);
        JsonValue id = new("{'a': [1, -2.5, 1e300, \"\\u00e9\\n\", null, true, 18446744073709551615]}"u8.ToArray());

        Assert.Equal(0, Allocation.Least(() => WriteReplies(writer, id, 1000)));
    }

    private void WriteReplies(JsonWriter writer, JsonValue id, int times)
    {
        for (int i = 0; i < times; i++)
        {
            ResponseWriter.BeginReturn(writer);
            writer.BeginObject();
            writer.Name("numbers"u8);
            writer.BeginArray();
            writer.Int64(-i);
            writer.UInt64(ulong.MaxValue);
            writer.Double(i / 7.0);
            writer.EndArray();
            writer.Name("words"u8);
            writer.BeginArray();
            writer.Boolean(true);
            writer.Null();
            writer.String("plain");
            writer.String("\"\u00E9\n\U0001F600\uD800\"");
            writer.Value(id);
            writer.EndArray();
            writer.EndObject();
            ResponseWriter.EndReturn(writer, id);
            ResponseWriter.WriteError(writer, ErrorClass.GenericError, "it failed", id);
            _buffer.Clear();
        }
    }

    private string Write(Action<JsonWriter> write)
    {
        write(new JsonWriter(_buffer));
        return Encoding.ASCII.GetString(_buffer.Bytes);
    }
}
