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

    [Theory]
    [InlineData("\n", 76)]
    [InlineData("\\n", 76)]
    [InlineData("\n", 5)]
    [InlineData("\\u000a", 1)]
    [InlineData("\\n\\n", 16_383)]
    [InlineData("\\u003d", 0)]
    public void Large_data_may_be_broken_into_lines_of_any_length(string separator, int lineBytes)
    {
        byte[] bytes = new byte[100_001];
        new Random(3).NextBytes(bytes);
        string base64 = Convert.ToBase64String(bytes);
        string text = lineBytes == 0 ? base64.Replace("=", separator, StringComparison.Ordinal) : string.Join(separator, base64.Chunk(lineBytes).Select(line => new string(line)));

        Assert.Equal(bytes, Decode(text.Replace("/", "\\/", StringComparison.Ordinal)));
        Assert.Equal(bytes, Decode(text));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\\t")]
    [InlineData("\\r")]
    [InlineData("\\r\\n")]
    [InlineData("-")]
    [InlineData("\\\\")]
    public void A_character_that_base64_does_not_have_is_found_anywhere(string character)
    {
        string base64 = new('A', 40_000);
        foreach (int place in new[] { 0, 1, 4, 16_383, 16_384, 16_385, 39_996, 39_999, 40_000 })
        {
            Assert.Throws<QapiException>(() => Decode(base64.Insert(place, character)));
            Assert.Throws<QapiException>(() => Decode("QQ==" + base64.Insert(place, character)));
        }
    }

    [Fact]
    public void Decoding_allocates_nothing()
    {
        byte[] json = Encoding.ASCII.GetBytes($"\"{Convert.ToBase64String(new byte[50_000])}\"");
        byte[] broken = Encoding.ASCII.GetBytes("\"YWJj\\nYWJj\\/\"");
        byte[] first = new byte[json.Length], second = new byte[broken.Length];

        Assert.Equal(0, Allocation.Least(Restore, Decode));

        // It decodes in place.
        void Restore()
        {
            json.CopyTo(first, 0);
            broken.CopyTo(second, 0);
        }

        void Decode()
        {
            _ = new JsonValue(first).GetBase64().Decode();
            _ = new JsonValue(second).GetBase64().Decode();
        }
    }

    private static byte[] Decode(string text) => new JsonValue(Encoding.UTF8.GetBytes($"\"{text}\"")).GetBase64().Decode().ToArray();
}
