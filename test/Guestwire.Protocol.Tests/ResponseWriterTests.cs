using System.Text;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Tests;

public sealed class ResponseWriterTests : IDisposable
{
    private readonly ByteBuffer _buffer = new();

    public void Dispose() => ((IDisposable)_buffer).Dispose();

    [Fact]
    public void Success_has_the_value_first_and_then_the_id()
    {
        JsonWriter writer = new(_buffer);
        ResponseWriter.BeginReturn(writer);
        writer.BeginObject();
        writer.EndObject();
        ResponseWriter.EndReturn(writer, Value("{'b':[1.0, -0],\"a\":'\\u00e9'}"));

        Assert.Equal("{\"return\": {}, \"id\": {\"b\": [1, 0], \"a\": \"\\u00E9\"}}\n", Text());
    }

    [Fact]
    public void An_error_has_the_id_first_and_then_class_and_description()
    {
        ResponseWriter.WriteError(new JsonWriter(_buffer), ErrorClass.CommandNotFound, "no \"x\"", Value("1"));

        Assert.Equal("{\"id\": 1, \"error\": {\"class\": \"CommandNotFound\", \"desc\": \"no \\\"x\\\"\"}}\n", Text());
    }

    [Theory]
    [InlineData("1e400", "1e400")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("123456789012345678901234567890", "1.2345678901234568e+29")]
    [InlineData("'\\u0000'", "\"\\u0000\"")]
    [InlineData("[ ]", "[]")]
    [InlineData("null", "null")]
    public void An_id_comes_back_as_the_same_value(string id, string expected)
    {
        JsonWriter writer = new(_buffer);
        ResponseWriter.BeginReturn(writer);
        writer.Int64(0);
        ResponseWriter.EndReturn(writer, Value(id));

        Assert.Equal($"{{\"return\": 0, \"id\": {expected}}}\n", Text());
    }

    private static JsonValue Value(string text) => new(Encoding.UTF8.GetBytes(text));

    private string Text() => Encoding.ASCII.GetString(_buffer.Bytes);
}
