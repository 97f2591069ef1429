using System.Text;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Tests;

public sealed class ArgumentReaderTests
{
    private readonly ArgumentReader _reader = new();

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("\"1\"")]
    [InlineData("null")]
    public void An_integer_is_a_number_without_fraction_within_int64(string text)
    {
        QapiException error = Assert.Throws<QapiException>(() => _reader.Int64("id", Value(text)));

        Assert.Equal("Invalid parameter type for 'id', expected: integer", error.Message);
    }

    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("-1", ulong.MaxValue)]
    public void An_unsigned_integer_wraps_when_negative(string text, ulong expected) =>
        Assert.Equal(expected, _reader.UInt64("n", Value(text)));

    [Fact]
    public void An_error_names_the_whole_path()
    {
        _reader.Enter("vcpus");
        _reader.EnterItem(1);

        Assert.Equal("Parameter 'vcpus[1].online' is missing", Assert.Throws<QapiException>(() => _reader.Boolean("online", default)).Message);
        Assert.Equal("Invalid parameter type for 'vcpus[1]', expected: object", Assert.Throws<QapiException>(() => _reader.Members("", Value("1"))).Message);
        _reader.Reset();
        Assert.Equal("Parameter 'x' is missing", Assert.Throws<QapiException>(() => _reader.String("x", default)).Message);
    }

    [Fact]
    public void A_string_that_nothing_could_use_is_refused()
    {
        string longest = new('x', FrameLimits.MaxStringBytes - 2);
        Assert.Equal(longest, _reader.String("path", Value($"\"{longest}\"")));
        _reader.Enter("arg");
        _reader.EnterItem(3);

        Assert.Equal("Parameter 'arg[3]' is too long", Assert.Throws<QapiException>(() => _reader.String("", Value($"\"{longest}x\""))).Message);
    }

    private static JsonValue Value(string text) => new(Encoding.UTF8.GetBytes(text));
}
