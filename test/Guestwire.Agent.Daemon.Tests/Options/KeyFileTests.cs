using System.Text;
using Guestwire.Agent.Daemon.Options;

namespace Guestwire.Agent.Daemon.Tests.Options;

/// <summary>Every expectation here is what <c>qemu-ga -D</c> (7.2, GLib 2.74) makes of the same bytes.</summary>
public sealed class KeyFileTests
{
    [Theory]
    [InlineData("[general]\npath=a\n", "a")]
    [InlineData("[general]\npath=a", "a")]
    [InlineData("[general]\r\npath=a\r\n", "a")]
    [InlineData("[general]\npath=a\r\r\n", "a\r")]
    [InlineData("[general] \t\npath=a\n", "a")]
    [InlineData("  [general]\n  path  =  a b  \n", "a b  ")]
    [InlineData("[general]\npath\t=\ta\n", "a")]
    [InlineData("[general]\npath=a\tb\n", "a\tb")]
    [InlineData("[general]\npath=\n", "")]
    [InlineData("[general]\npath=a;b#c\n", "a;b#c")]
    [InlineData("[general]\npath=a=b\n", "a=b")]
    [InlineData("# c\n\n  # d\n[general]\npath=a\n", "a")]
    [InlineData("[general]\npath=a\npath=b\n", "b")]
    [InlineData("[general]\npath=a\n[other]\npath=c\n[general]\npath=b\n", "b")]
    [InlineData("[general]\npath= \\sa\\tb\\nc\\rd\\\\e\n", " a\tb\nc\rd\\e")]
    [InlineData("[general]\npath[de]=b\npath=a\n", "a")]
    [InlineData("[other]\npath=b\n", null)]
    [InlineData("[general]\npath[de]=b\n", null)]
    [InlineData("[general]\nmy path=b\n", null)]
    [InlineData("[gen eral]\npath=b\n", null)]
    [InlineData("[first]\n[general]\nEncoding=latin1\n", null)]
    [InlineData("", null)]
    public void A_string_is_what_stands_behind_the_equals_sign(string text, string? expected)
    {
        Assert.True(KeyFile.TryParse(Encoding.UTF8.GetBytes(text), out KeyFile file, out _));
        Assert.True(file.TryGetString("general", "path", out string? value, out _));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("path=a\n", "Key file does not start with a group")]
    [InlineData("[general]\nfoo\n", "Key file contains line 'foo' which is not a key-value pair, group, or comment")]
    [InlineData("[general]\n;foo\n", "Key file contains line ';foo' which is not a key-value pair, group, or comment")]
    [InlineData("[general\nx=1\n", "Key file contains line '[general' which is not a key-value pair, group, or comment")]
    [InlineData("[general] x\n", "Key file contains line '[general] x' which is not a key-value pair, group, or comment")]
    [InlineData("[general]\n =1\n", "Key file contains line ' =1' which is not a key-value pair, group, or comment")]
    [InlineData("[general]\n\v\n", "Key file contains line '\v' which is not a key-value pair, group, or comment")]
    [InlineData("[general]\na\0b=1\n", "Key file contains line 'a' which is not a key-value pair, group, or comment")]
    [InlineData("\uFEFF[general]\n", "Key file contains line '\uFEFF[general]' which is not a key-value pair, group, or comment")]
    [InlineData("[]\n", "Invalid group name: ")]
    [InlineData("[a[b]\n", "Invalid group name: a[b")]
    [InlineData("[a\u0001]\n", "Invalid group name: a\u0001")]
    [InlineData("[general]\nver[bose=1\n", "Invalid key name: ver[bose")]
    [InlineData("[general]\n[=1\n", "Invalid key name: [")]
    [InlineData("[general]\nEncoding=latin1\n", "Key file contains unsupported encoding 'latin1'")]
    public void A_line_that_is_nothing_makes_the_file_unreadable(string text, string expected)
    {
        Assert.False(KeyFile.TryParse(Encoding.UTF8.GetBytes(text), out _, out string? reason));
        Assert.Equal(expected, reason);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("  1 \t ", true)]
    public void A_boolean_is_one_of_four_words(string word, bool expected)
    {
        Assert.True(Parse($"verbose={word}").TryGetBoolean("general", "verbose", out bool? value, out _));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("True")]
    [InlineData("2")]
    [InlineData("")]
    [InlineData("\\s1")]
    [InlineData("true x")]
    public void No_other_word_is_a_boolean(string word)
    {
        Assert.False(Parse($"verbose={word}").TryGetBoolean("general", "verbose", out _, out string? reason));
        Assert.Equal("Key file contains key 'verbose' which has a value that cannot be interpreted.", reason);
    }

    [Fact]
    public void A_missing_boolean_is_no_value() =>
        Assert.True(Parse("x=1").TryGetBoolean("general", "verbose", out bool? value, out _) && value is null);

    [Theory]
    [InlineData("a\\qb")]
    [InlineData("a\\")]
    [InlineData("a\\;b")]
    public void A_wrong_escape_makes_the_value_unreadable(string raw)
    {
        Assert.False(Parse($"path={raw}").TryGetString("general", "path", out _, out string? reason));
        Assert.Equal("Key file contains key 'path' which has a value that cannot be interpreted.", reason);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_matter_only_where_they_are_read()
    {
        Assert.True(KeyFile.TryParse([.. "[general]\nnonsense="u8, 0xFF, .. "\npath=a\nlogfile="u8, 0xFF], out KeyFile file, out _));
        Assert.True(file.TryGetString("general", "path", out _, out _));
        Assert.False(file.TryGetString("general", "logfile", out _, out string? reason));
        Assert.Equal("Key file contains key 'logfile' with value '\uFFFD' which is not UTF-8", reason);
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        byte[] alphabet = [.. "[]=\\# \t\r\n\0;aé"u8, 0xFF, 0x80];
        var random = new Random(2);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] content = new byte[random.Next(24)];
            for (int i = 0; i < content.Length; i++)
            {
                content[i] = alphabet[random.Next(alphabet.Length)];
            }

            Assert.Equal(KeyFile.TryParse(content, out _, out string? reason), reason is null);
        }
    }

    private static KeyFile Parse(string line)
    {
        Assert.True(KeyFile.TryParse(Encoding.UTF8.GetBytes($"[general]\n{line}\n"), out KeyFile file, out _));
        return file;
    }
}
