using System.Text;
using Guestwire.Agent.Commands;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Commands;

public sealed class AuthorizedKeyLinesTests
{
    [Fact]
    public void The_last_line_is_listed_first_without_blanks_comments_and_empty_lines() =>
        Assert.Equal(
            ["algo key3", "algo key2", "algo key1 c"],
            AuthorizedKeyLines.List("  algo key1 c  \n# comment\n\n\talgo key2\r\n   # indented\nalgo key3"u8));

    [Theory]
    [InlineData("", "new\n")]
    [InlineData("old\n", "old\nnew\n")]
    [InlineData("old", "old\nnew\n")]
    [InlineData("old\n\n", "old\n\nnew\n")]
    [InlineData("# comment", "# comment\nnew\n")]
    [InlineData("old\r\n", "old\r\nnew\n")]
    public void An_added_key_gets_a_line_of_its_own_with_a_line_feed_and_the_rest_keeps_its_bytes(string before, string after) =>
        Assert.Equal(after, Add(before, "new"));

    [Theory]
    [InlineData("new")]
    [InlineData("old\nnew\nolder\n")]
    [InlineData("old\n  new\t\r\n")]
    public void A_key_that_is_there_already_changes_nothing(string before) => Assert.Equal(before, Add(before, "new"));

    [Fact]
    public void A_key_that_is_part_of_a_line_is_added() => Assert.Equal("new key\nanew\nnew\n", Add("new key\nanew\n", "new"));

    [Fact]
    public void A_key_that_comes_twice_is_added_once() => Assert.Equal("a\nb\n", Add("", "a", "b", "a"));

    [Fact]
    public void An_empty_key_adds_nothing() => Assert.Equal("old", Add("old", ""));

    [Theory]
    [InlineData("a\nb\nc\n", "a\nc\n")]
    [InlineData("a\nb", "a\n")]
    [InlineData("b\na", "a")]
    [InlineData("b\nb\n", "")]
    [InlineData("a\n b \r\nc", "a\nc")]
    [InlineData("a\n\nb\n\n# b\nb c\n", "a\n\n\n# b\nb c\n")]
    public void A_removed_key_takes_its_lines_with_it_and_nothing_else(string before, string after)
    {
        using ByteBuffer rest = new();

        Assert.True(AuthorizedKeyLines.Remove(Encoding.UTF8.GetBytes(before), ["b"], rest));
        Assert.Equal(after, Encoding.UTF8.GetString(rest.Bytes));
    }

    [Fact]
    public void A_key_with_bytes_that_are_no_text_is_removed_as_it_was_listed()
    {
        byte[] text = [.. "algo key J"u8, 0xFC, .. "rgen\nalgo other\n"u8];
        using ByteBuffer rest = new();

        Assert.True(AuthorizedKeyLines.Remove(text, [AuthorizedKeyLines.List(text)[1]], rest));
        Assert.Equal("algo other\n", Encoding.UTF8.GetString(rest.Bytes));
    }

    [Fact]
    public void Removing_what_is_not_there_is_told_apart()
    {
        using ByteBuffer rest = new();

        Assert.False(AuthorizedKeyLines.Remove("a\n\nb c\n"u8, ["b", ""], rest));
    }

    [Fact]
    public void Bytes_that_are_no_text_survive_a_change()
    {
        using ByteBuffer text = new();
        text.Append([0xFF, 0x00, 0xC3, (byte)'\n']);
        AuthorizedKeyLines.Add(text, ["new"]);
        using ByteBuffer rest = new();

        Assert.True(AuthorizedKeyLines.Remove(text.Bytes, ["new"], rest));
        Assert.Equal([0xFF, 0x00, 0xC3, (byte)'\n'], rest.Bytes.ToArray());
    }

    [Theory]
    [InlineData("# comment")]
    [InlineData("#x")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void What_is_not_one_line_with_a_key_is_refused(string key)
    {
        QapiException error = Assert.Throws<QapiException>(() => AuthorizedKeyLines.Check(["fine", key]));

        Assert.Equal($"invalid OpenSSH public key: '{key}'", error.Message);
    }

    [Fact]
    public void An_empty_key_is_no_error() => Assert.Null(Record.Exception(() => AuthorizedKeyLines.Check([""])));

    private static string Add(string before, params string[] keys)
    {
        using ByteBuffer text = new();
        text.Append(Encoding.UTF8.GetBytes(before));
        AuthorizedKeyLines.Add(text, keys);
        return Encoding.UTF8.GetString(text.Bytes);
    }
}
