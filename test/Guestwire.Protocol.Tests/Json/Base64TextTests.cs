using System.Text;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Tests.Json;

public sealed class Base64TextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("YWJj", "abc")]
    [InlineData("YQ==", "a")]
    [InlineData("YWI=", "ab")]
    [InlineData("YW\\nJj", "abc")]
    [InlineData("YWJ", "")]
    [InlineData("YWJjZ", "abc")]
    [InlineData("YQ==YWJj", "aabc")]
    [InlineData("YWJj\\u0059Q==", "abca")]
    [InlineData("YW\\/=", "ao")]
    public void Well_meant_text_is_decoded_as_the_reference_does(string text, string expected) =>
        Assert.Equal(expected, Encoding.Latin1.GetString(Decode(text)));

    [Theory]
    [InlineData("YW Jj")]
    [InlineData("YWJj\\r")]
    [InlineData("YW-_")]
    [InlineData("é")]
    [InlineData("\\u0000")]
    public void Other_characters_are_refused(string text)
    {
        QapiException error = Assert.Throws<QapiException>(() => Decode(text));

        Assert.Equal("Base64 data contains invalid characters", error.Message);
        Assert.Equal(ErrorClass.GenericError, error.ErrorClass);
    }

    [Fact]
    public void Large_data_is_decoded_in_place()
    {
        byte[] bytes = new byte[1_000_000];
        new Random(2).NextBytes(bytes);
        byte[] json = Encoding.ASCII.GetBytes($"\"{Convert.ToBase64String(bytes)}\"");

        Memory<byte> decoded = new JsonValue(json).GetBase64().Decode();

        Assert.Equal(bytes, decoded.ToArray());
        Assert.True(decoded.Span.Overlaps(json));
    }

    private static byte[] Decode(string text) => new JsonValue(Encoding.UTF8.GetBytes($"\"{text}\"")).GetBase64().Decode().ToArray();
}
