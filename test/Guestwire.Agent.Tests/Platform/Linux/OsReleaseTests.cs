using System.Text;
using Guestwire.Agent.Platform.Linux;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class OsReleaseTests
{
    [Theory]
    [InlineData("ID=debian", "debian")]
    [InlineData("ID=\"debian\"", "debian")]
    [InlineData("ID='debian'", "debian")]
    [InlineData("ID=", "")]
    [InlineData("ID=\"\"", "")]
    [InlineData(" ID = debian ", "debian")]
    [InlineData("ID=\"a b\" dropped", "a b")]
    [InlineData("ID=\"a\"'b'c", "abc")]
    [InlineData("ID=two words", "two words")]
    [InlineData("ID=two words  # said aside", "two words")]
    [InlineData("ID=a;b", "a")]
    [InlineData("ID=a#b", "a#b")]
    [InlineData("ID=a\\ b", "a b")]
    [InlineData("ID=\"\\\" \\$ \\` \\\\ \\n\"", "\" $ ` \\ \\n")]
    [InlineData("ID='\\n $x'", "\\n $x")]
    [InlineData("ID=debian\r", "debian")]
    [InlineData("ID=\"ends in blanks  \"", "ends in blanks  ")]
    public void A_value_is_read_as_a_shell_would_assign_it(string line, string expected) =>
        Assert.Equal(expected, Parse(line + "\n")["ID"]);

    [Fact]
    public void One_bad_line_does_not_lose_the_others()
    {
        Dictionary<string, string> values = Parse("ID=one\nthis is not a pair\n=x\nNAME=\"open\nVERSION_ID=2");

        Assert.Equal("one", values["ID"]);
        Assert.Equal("2", values["VERSION_ID"]);
        Assert.False(values.ContainsKey("NAME"));
    }

    [Theory]
    [InlineData("=x")]
    [InlineData(" \t= x")]
    public void A_value_without_a_key_is_none(string line) => Assert.Empty(Parse(line));

    [Fact]
    public void The_last_of_several_lines_counts() => Assert.Equal("b", Parse("ID=a\nID=b\n")["ID"]);

    [Fact]
    public void Only_what_hosts_are_told_is_read() =>
        Assert.Equal(["ID", "VERSION_ID"], Parse("HOME_URL=\"x\"\nID=a\nIDX=b\nI=c\nid=d\nVERSION_ID=1").Keys.Order());

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(100_000)]
    public void A_value_may_have_any_length(int length) =>
        Assert.Equal(new string('x', length), Parse($"NAME={new string('x', length)}")["NAME"]);

    [Fact]
    public void A_comment_is_no_value() => Assert.Empty(Parse("#ID=a\n  # ID=b\n\n"));

    private static Dictionary<string, string> Parse(string text) => OsRelease.Parse(Encoding.UTF8.GetBytes(text));
}
