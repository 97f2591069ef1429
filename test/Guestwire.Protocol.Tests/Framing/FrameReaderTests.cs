using System.Text;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Tests.Framing;

/// <summary>Every expectation here was seen from the reference, byte by byte.</summary>
public sealed class FrameReaderTests
{
    [Fact]
    public void A_value_is_complete_with_its_last_bracket_without_a_newline() =>
        Assert.Equal(["{\"execute\":\"guest-ping\"}"], FrameFeed.Read("{\"execute\":\"guest-ping\"}"));

    [Fact]
    public void Values_may_follow_each_other_with_and_without_space() =>
        Assert.Equal(["{\"a\":1}", "[2]", "{\"b\":3}"], FrameFeed.Read("{\"a\":1}[2] \r\n\t{\"b\":3}\n"));

    [Fact]
    public void White_space_alone_is_nothing() => Assert.Empty(FrameFeed.Read(" \t\r\n\n  "));

    [Theory]
    [InlineData("42", new string[0])]
    [InlineData("42 ", new[] { "42" })]
    [InlineData("42{\"a\":1}", new[] { "42", "{\"a\":1}" })]
    [InlineData("42]", new[] { "42", "!JSON parse error, expecting value" })]
    [InlineData("true\n", new[] { "true" })]
    [InlineData("tru1 ", new[] { "!JSON parse error, invalid keyword 'tru'", "1" })]
    [InlineData("[tru1]", new[] { "!JSON parse error, invalid keyword 'tru'" })]
    [InlineData("[0e1]", new[] { "!JSON parse error, expected separator in list" })]
    [InlineData("[1-2]", new[] { "!JSON parse error, expected separator in list" })]
    [InlineData("[1 2]", new[] { "!JSON parse error, expected separator in list" })]
    public void A_bare_token_ends_where_it_cannot_go_on(string input, string[] expected) =>
        Assert.Equal(expected, FrameFeed.Read(input));

    [Theory]
    [InlineData("01 ", "01")]
    [InlineData("00 ", "00")]
    [InlineData("-01 ", "-01")]
    [InlineData("-x", "-x")]
    [InlineData("1.x", "1.x")]
    [InlineData("1..2 ", "1..")]
    [InlineData("1e ", "1e ")]
    [InlineData("1e+ ", "1e+ ")]
    [InlineData("+1 ", "+")]
    [InlineData(".5 ", ".")]
    [InlineData("True ", "T")]
    [InlineData("NaN ", "N")]
    [InlineData("\"a\nb\"", "\"a\n")]
    [InlineData("\"a\tb\"", "\"a\t")]
    [InlineData("\"a\u00FF", "\"a\uFFFD")]
    [InlineData("\u00FF", "\uFFFD")]
    [InlineData("\u00FE", "\uFFFD")]
    [InlineData("\0", "")]
    [InlineData("\"ab\0c", "\"ab")]
    [InlineData("\u00EF\u00BB\u00BF ", "\uFFFD")]
    public void A_bad_byte_is_stray_and_told_with_what_came_before_it(string input, string stray) =>
        Assert.Equal($"!JSON parse error, stray '{stray}'", FrameFeed.Read(input)[0]);

    [Theory]
    [InlineData("@foo,{\"a\":1}", new[] { "!JSON parse error, stray '@'", "!JSON parse error, expecting value", "{\"a\":1}" })]
    [InlineData("@foo\t{\"a\":1}", new[] { "!JSON parse error, stray '@'", "{\"a\":1}" })]
    [InlineData("@a b:c ", new[] { "!JSON parse error, stray '@'", "!JSON parse error, expecting value", "!JSON parse error, invalid keyword 'c'" })]
    [InlineData("[@]", new[] { "!JSON parse error, stray '@'", "!JSON parse error, expecting value" })]
    [InlineData("@\n[1]", new[] { "!JSON parse error, stray '@'", "[1]" })]
    public void After_a_bad_byte_reading_starts_afresh_at_structure_or_control(string input, string[] expected) =>
        Assert.Equal(expected, FrameFeed.Read(input));

    [Fact]
    public void Sentinel_in_the_middle_of_a_line_drops_what_came_before() =>
        Assert.Equal(
            ["!JSON parse error, stray '\uFFFD'", "{\"b\":2}"],
            FrameFeed.Read("{\"a\":[1,2,\u00FF{\"b\":2}"));

    [Fact]
    public void Each_sentinel_is_told() =>
        Assert.Equal(
            [FrameReader.SentinelError, FrameReader.SentinelError, FrameReader.SentinelError],
            FrameFeed.Read("\u00FF\u00FF\u00FF").Select(line => line[1..]));

    [Theory]
    [InlineData("]}", new[] { "expecting value", "expecting value" })]
    [InlineData("{]", new[] { "expecting value" })]
    [InlineData("{[}]", new[] { "expecting value" })]
    [InlineData("{\"a\":1]", new[] { "expected separator in dict" })]
    [InlineData("[1}", new[] { "expected separator in list" })]
    [InlineData("[\"a\"}}", new[] { "expected separator in list", "expecting value" })]
    [InlineData("[1,]", new[] { "expecting value" })]
    [InlineData("[,1]", new[] { "expecting value" })]
    [InlineData("{,}", new[] { "expecting value" })]
    [InlineData("{\"a\":}", new[] { "expecting value" })]
    [InlineData("{\"a\" 1}", new[] { "missing : in object pair" })]
    [InlineData("{1:2}", new[] { "key is not a string in object" })]
    [InlineData("{[1]:2}", new[] { "key is not a string in object" })]
    [InlineData("{\"a\":1,\"a\":tru}", new[] { "invalid keyword 'tru'" })]
    [InlineData("{\"a\":1,\"a\":1 x}", new[] { "duplicate key" })]
    [InlineData("{\"a\":1,'\\u0061':1}", new[] { "duplicate key" })]
    [InlineData("[truex]", new[] { "invalid keyword 'truex'" })]
    [InlineData("\"\\q\"", new[] { "invalid escape sequence in string" })]
    [InlineData("\"\\u12\"", new[] { "\\u12\" is not a valid Unicode character" })]
    [InlineData("\"\\ud800x\"", new[] { "\\ud800 is not a valid Unicode character" })]
    [InlineData("\"\\ud800\\u0041\"", new[] { "\\ud800 is not a valid Unicode character" })]
    [InlineData("\"\\udc00\"", new[] { "\\udc00 is not a valid Unicode character" })]
    [InlineData("\"\\ufffe\"", new[] { "\\ufffe is not a valid Unicode character" })]
    [InlineData("\"\\ud83f\\udfff\"", new[] { "\\ud83f\\udfff is not a valid Unicode character" })]
    [InlineData("\"\u00C1\u0080\"", new[] { "invalid UTF-8 sequence in string" })]
    [InlineData("\"\u00ED\u00A0\u0080\"", new[] { "invalid UTF-8 sequence in string" })]
    [InlineData("\"\u00EF\u00BF\u00BE\"", new[] { "invalid UTF-8 sequence in string" })]
    [InlineData("\"ab\u00C3\"", new[] { "invalid UTF-8 sequence in string" })]
    public void A_value_that_breaks_the_grammar_is_told_when_its_brackets_balance(string input, string[] errors) =>
        Assert.Equal(errors.Select(error => "!JSON parse error, " + error), FrameFeed.Read(input));

    [Theory]
    [InlineData("'it\\'s \"x\"'")]
    [InlineData("\"it's\"")]
    [InlineData("\"\u00C0\u0080\u007F\"")]
    [InlineData("\"\\u0000\\ud83d\\ude00\\/\"")]
    [InlineData("[-0, 0.5, 1E+5, 1e400, 123456789012345678901234567890]")]
    public void The_dialect_takes_what_the_reference_takes(string input) => Assert.Equal([input], FrameFeed.Read(input));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void It_does_not_matter_in_which_pieces_the_bytes_come(int pieceBytes)
    {
        byte[] input = Encoding.Latin1.GetBytes("{\"a\":\"x\\\"y\", 'b':[1.5e3,true ]}\u00FF[1,{}]} \"\\u00e4\" nul {\"c\":{}}");

        Assert.Equal(FrameFeed.Read(input, int.MaxValue), FrameFeed.Read(input, pieceBytes));
    }

    [Fact]
    public void Nesting_of_1024_is_read_and_one_more_is_refused_with_a_line_for_each_closer_left()
    {
        string deepest = new string('[', 1024) + new string(']', 1024);
        string tooDeep = new string('[', 1025) + new string(']', 1025);

        Assert.Equal([deepest], FrameFeed.Read(deepest));
        List<string> refused = FrameFeed.Read(tooDeep);
        Assert.Equal("!JSON nesting depth limit exceeded", refused[0]);
        Assert.Equal(1026, refused.Count);
        Assert.All(refused.Skip(1), line => Assert.Equal("!JSON parse error, expecting value", line));
    }

    [Fact]
    public void More_than_two_mebi_tokens_are_refused()
    {
        StringBuilder list = new("[0");
        for (int i = 0; i < FrameLimits.MaxTokens / 2; i++)
        {
            list.Append(",0");
        }

        Assert.Equal("!JSON token count limit exceeded", FrameFeed.Read(list.ToString())[0]);
    }

    [Fact]
    public void A_string_of_64_MiB_less_one_byte_is_read_and_a_longer_one_refused()
    {
        byte[] longest = Quoted(FrameLimits.MaxTokenBytes - 1);
        byte[] tooLong = Quoted(FrameLimits.MaxTokenBytes);

        Assert.StartsWith("\"aaa", Assert.Single(FrameFeed.Read(longest, 1 << 20)));
        Assert.Equal("!JSON token size limit exceeded", FrameFeed.Read(tooLong, 1 << 20)[0]);
    }

    [Fact]
    public void Space_between_tokens_costs_no_memory()
    {
        using FrameReader reader = new();
        FrameFeed.Give(reader, "{\"a\":"u8);
        byte[] spaces = new byte[64 * 1024];
        spaces.AsSpan().Fill((byte)' ');
        int largest = 0;
        List<string> found = [];
        for (int i = 0; i < 1000; i++)
        {
            Span<byte> room = reader.GetSpan(spaces.Length);
            largest = Math.Max(largest, room.Length);
            spaces.CopyTo(room);
            reader.Advance(spaces.Length);
            FrameFeed.Collect(reader, found);
        }

        FrameFeed.Give(reader, "\"x  y\"}"u8);
        FrameFeed.Collect(reader, found);

        Assert.Equal("{\"a\": \"x  y\"}", Assert.Single(found));
        Assert.InRange(largest, 0, 1024 * 1024);
    }

    [Fact]
    public void A_stray_of_megabytes_is_quoted_in_part()
    {
        byte[] input = Quoted(10 * 1024 * 1024);
        input[^1] = 0xFF;

        string error = Assert.Single(FrameFeed.Read(input, 1 << 20));

        Assert.InRange(error.Length, FrameLimits.MaxQuotedBytes, FrameLimits.MaxQuotedBytes + 100);
    }

    [Fact]
    public void Space_behind_a_frame_is_not_kept()
    {
        using FrameReader reader = new();
        FrameFeed.Give(reader, [.. Quoted(1024 * 1024), (byte)'\n', (byte)' ']);

        FrameFeed.Collect(reader, []);

        Assert.Equal(0, reader.BufferedBytes);
    }

    [Theory]
    [InlineData("{\"execute\":\"guest-ping\"}")]
    [InlineData("{\"execute\": \"guest-file-read\", \"arguments\": {\"handle\": 1000, \"count\": 65536}}")]
    [InlineData("{\"execute\": \"guest-sync-delimited\", \"arguments\": {\"id\": 1234567}, \"id\": \"libvirt-42\"}")]
    [InlineData("{\"execute\": \"guest-file-write\", \"arguments\": {\"handle\": 1000, \"buf-b64\": \"aGVs\\/bG8=\"}}")]
    [InlineData("{'ex\\u0065cute': 'guest-exec', 'arguments': {'capture-output': true, 'arg': [1, 18446744073709551615]}, 'id': {'a': [null, -1]}}")]
    public void Reading_small_requests_allocates_nothing(string request)
    {
        using FrameReader reader = new();
        ArgumentReader arguments = new();
        byte[] line = Encoding.ASCII.GetBytes(request + "\n");
        int found = 0;

        Assert.Equal(0, Allocation.Least(() => found = ReadMany(reader, arguments, line, 1000)));
        Assert.Equal(1000, found);
    }

    private static int ReadMany(FrameReader reader, ArgumentReader arguments, byte[] line, int times)
    {
        int found = 0;
        for (int i = 0; i < times; i++)
        {
            FrameFeed.Give(reader, line);
            while (reader.Read(out JsonValue value, out _) == FrameStatus.Value)
            {
                if (Request.Read(value, out Request request) is null)
                {
                    found++;
                    ReadArguments(arguments, request.Arguments);
                }
            }
        }

        return found;
    }

    private static void ReadArguments(ArgumentReader reader, JsonValue arguments)
    {
        reader.Reset();
        if (arguments.IsAbsent)
        {
            return;
        }

        foreach (JsonMember member in reader.Members("", arguments))
        {
            switch (member.Value.Kind)
            {
                case JsonKind.Integer:
                    _ = reader.Int64("handle", member.Value);
                    break;
                case JsonKind.Boolean:
                    _ = reader.Boolean("capture-output", member.Value);
                    break;
                case JsonKind.String:
                    _ = reader.Base64("buf-b64", member.Value).Decode();
                    break;
                default:
                    reader.Enter("arg");
                    foreach (JsonValue item in reader.Items("", member.Value))
                    {
                        reader.EnterItem(0);
                        _ = reader.UInt64("", item);
                        _ = reader.Double("", item);
                        reader.Leave();
                    }

                    reader.Leave();
                    break;
            }
        }
    }

    private static byte[] Quoted(int totalBytes)
    {
        byte[] text = new byte[totalBytes];
        text.AsSpan().Fill((byte)'a');
        text[0] = (byte)'"';
        text[^1] = (byte)'"';
        return text;
    }
}
