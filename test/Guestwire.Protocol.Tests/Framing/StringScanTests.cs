using System.Text;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Tests.Framing;

/// <summary>Strings at every place of a block of sixteen bytes, whole and byte by byte, beside a plain reading of them.</summary>
public sealed class StringScanTests
{
    private static readonly string[] Pieces =
    [
        "\\n", "\\\\", "\\\"", "\\'", "\\/", "\\u000a", "\\ud83d\\ude00", "\u00C3\u00A9", "\u00E2\u0082\u00AC", "\u00F0\u009F\u0098\u0080", "\u00C0\u0080", "x", "aaaaaaaaaaaaaaaa",
    ];

    private static readonly string[] Faults =
    [
        "\\q", "\\u12", "\\u12g4", "\\ud83d", "\\ud83d\\n", "\\ud83d\\u0041", "\\udc00", "\\uffff", "\\ud83f\\udfff", "\u0080", "\u00C3", "\u00C3x", "\u00E2\u0082", "\u00ED\u00A0\u0080", "\u00EF\u00BF\u00BE",
        "\u00F8\u0088\u0080\u0080\u0080", "\\\u00C3\u00A9",
    ];

    [Theory]
    [InlineData('"')]
    [InlineData('\'')]
    public void A_run_of_backslashes_of_any_length_at_any_place_ends_the_string_or_not(char quote)
    {
        for (int before = 0; before <= 18; before++)
        {
            for (int run = 0; run <= 200; run++)
            {
                // An odd one escapes the quote, which then does not end the string.
                string text = quote + new string('a', before) + new string('\\', run) + quote;
                string whole = run % 2 == 0 ? text : text + "b" + quote;

                Assert.Equal([whole], Read(whole, int.MaxValue));
                Assert.Equal(whole.Length, JsonText.SkipValue(Encoding.Latin1.GetBytes(whole + ","), 0));
                Assert.Equal(PlainText(whole[1..^1]), JsonText.ToString(Encoding.Latin1.GetBytes(whole[1..^1])));
            }
        }
    }

    [Fact]
    public void What_a_string_says_does_not_depend_on_where_it_stands_nor_on_how_it_comes()
    {
        Random random = new(20261129);
        for (int i = 0; i < 4000; i++)
        {
            StringBuilder content = new(new string('.', random.Next(40)));
            for (int piece = random.Next(30); piece > 0; piece--)
            {
                content.Append(Pieces[random.Next(Pieces.Length)]);
            }

            char quote = random.Next(2) == 0 ? '"' : '\'';
            string text = $"{quote}{content.Replace(quote == '\'' ? "\\\"" : "\\'", "-")}{quote}";

            Assert.Equal([text], Read(text, int.MaxValue));
            Assert.Equal([text], Read(text, 1));
            Assert.Equal([text], Read(text, random.Next(2, 40)));
            Assert.Equal(PlainText(text[1..^1]), JsonText.ToString(Encoding.Latin1.GetBytes(text[1..^1])));
        }
    }

    [Fact]
    public void A_fault_is_told_wherever_it_stands_and_the_string_still_ends_where_it_ends()
    {
        foreach (string fault in Faults)
        {
            string alone = Assert.Single(Read($"\"{fault}\"", int.MaxValue));
            Assert.StartsWith("!JSON parse error, ", alone, StringComparison.Ordinal);

            // What is quoted of it may go on behind it.
            string start = alone.Split('"')[0];
            for (int before = 0; before < 35; before++)
            {
                foreach (string behind in new[] { "", "\\n", new string('\\', 40), "\\\"]", new string('z', 50), "\\u12\\q\u0080" })
                {
                    string text = $"[\"{new string('a', before)}{fault}{behind}\", true]";
                    List<string> whole = Read(text + "[1]", int.MaxValue);

                    Assert.Equal(2, whole.Count);
                    Assert.StartsWith(start[..Math.Min(start.Length, "!JSON parse error, \\u12".Length)], whole[0], StringComparison.Ordinal);
                    Assert.Equal("[1]", whole[1]);
                    Assert.Equal(whole, Read(text + "[1]", 1));
                }
            }
        }
    }

    [Fact]
    public void A_bad_byte_is_told_wherever_it_stands()
    {
        foreach (char bad in "\0\n\t\u001F\u00FE\u00FF")
        {
            for (int before = 0; before < 40; before++)
            {
                foreach (string start in new[] { "", "\\", "\\n", "\\u1", "\\ud83d\\", "\u00C3", "\u00E2\u0082" })
                {
                    string text = $"\"{new string('a', before)}{start}{bad}aaaaaaaaaaaaaaaaaaaaaaaa\n[1]";
                    List<string> whole = Read(text, int.MaxValue);

                    Assert.StartsWith($"!JSON parse error, stray '\"{new string('a', before)}", whole[0], StringComparison.Ordinal);
                    Assert.Equal("[1]", whole[^1]);
                    Assert.Equal(whole, Read(text, 1));
                }
            }
        }
    }

    [Fact]
    public void Four_hexadecimal_digits_are_a_number_and_nothing_else_is()
    {
        for (int place = 0; place < 4; place++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] digits = "0Fa9"u8.ToArray();
                digits[place] = (byte)value;
                string text = Encoding.Latin1.GetString(digits);

                Assert.Equal(text.All(char.IsAsciiHexDigit) ? Convert.ToInt32(text, 16) : -1, JsonText.ReadHex4(digits));
            }
        }

        Assert.Equal(-1, JsonText.ReadHex4("000"u8));
    }

    [Fact]
    public void Space_of_any_length_stands_between_tokens()
    {
        for (int length = 0; length < 80; length++)
        {
            string space = string.Concat(Enumerable.Range(0, length).Select(i => " \t\r\n"[i % 4]));
            string text = $"[1,{space}true]";

            Assert.Equal([text], Read(text, int.MaxValue));
            Assert.Equal(["!JSON parse error, stray '\u000B'"], Read($"[1,{space}\u000B", int.MaxValue));
        }
    }

    [Fact]
    public void Large_strings_of_escapes_allocate_nothing()
    {
        byte[] text = Encoding.Latin1.GetBytes($"\"{string.Concat(Enumerable.Repeat("\\n\\u000a\u00C3\u00A9", 20_000))}\"");
        using FrameReader reader = new();
        FrameStatus status = default;

        Assert.Equal(0, Allocation.Least(() => FrameFeed.Give(reader, text), () => status = reader.Read(out _, out _)));
        Assert.Equal(FrameStatus.Value, status);
    }

    private static List<string> Read(string text, int pieceBytes) => FrameFeed.Read(Encoding.Latin1.GetBytes(text), pieceBytes);

    /// <summary>The characters of a string's content, one by one.</summary>
    private static string PlainText(string content)
    {
        List<byte> bytes = [];
        for (int i = 0; i < content.Length; i++)
        {
            if (content[i] == '\u00C0')
            {
                bytes.Add(0);
                i++;
            }
            else if (content[i] != '\\')
            {
                bytes.Add((byte)content[i]);
            }
            else if (content[++i] != 'u')
            {
                bytes.Add((byte)(content[i] == 'n' ? '\n' : content[i]));
            }
            else
            {
                string units = "";
                for (; ; i += 6)
                {
                    units += (char)Convert.ToInt32(content.Substring(i + 1, 4), 16);
                    if (!char.IsHighSurrogate(units[^1]))
                    {
                        break;
                    }
                }

                i += 4;
                bytes.AddRange(Encoding.UTF8.GetBytes(units));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
