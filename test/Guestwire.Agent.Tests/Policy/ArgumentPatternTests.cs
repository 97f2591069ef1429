using Guestwire.Agent.Policy;

namespace Guestwire.Agent.Tests.Policy;

public sealed class ArgumentPatternTests
{
    [Theory]
    [InlineData("--full", "--full", true)]
    [InlineData("--full", "--ful", false)]
    [InlineData("--full", "--full ", false)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything at all", true)]
    [InlineData("*", "one/two", false)]
    [InlineData("**", "one/two", true)]
    [InlineData("?", "x", true)]
    [InlineData("?", "", false)]
    [InlineData("?", "/", false)]
    [InlineData("a?c*e", "abcde", true)]
    [InlineData("a?c*e", "abce", true)]
    [InlineData("a?c*e", "abde", false)]
    [InlineData("/var/log/*", "/var/log/syslog", true)]
    [InlineData("/var/log/*", "/var/log/apt/term.log", false)]
    [InlineData("/var/log/**", "/var/log/apt/term.log", true)]
    [InlineData("/var/*/x*y", "/var/a/xbyxby", true)]
    [InlineData("*/x", "aaa/x", true)]
    [InlineData("**a*", "x/y/abc", true)]
    [InlineData("**a*", "x/a/b", false)]
    [InlineData(@"\*", "*", true)]
    [InlineData(@"\*", "x", false)]
    [InlineData(@"a\", @"a\", true)]
    public void An_argument_fits_or_does_not(string pattern, string argument, bool fits) =>
        Assert.Equal(fits, new ArgumentPattern(pattern).Matches(argument));

    [Theory]
    [InlineData("*")]
    [InlineData("**")]
    [InlineData("?*")]
    public void A_wildcard_at_the_beginning_makes_no_option(string pattern)
    {
        Assert.True(new ArgumentPattern(pattern).Matches("delete"));
        Assert.False(new ArgumentPattern(pattern).Matches("-delete"));
    }

    [Theory]
    [InlineData("/srv/*")]
    [InlineData("/srv/**")]
    [InlineData("/srv/??")]
    [InlineData("/srv/.?")]
    public void No_wildcard_leads_up(string pattern)
    {
        Assert.False(new ArgumentPattern(pattern).Matches("/srv/.."));
        Assert.False(new ArgumentPattern(pattern).Matches("/srv/../etc/shadow"));
    }

    [Fact]
    public void A_way_up_that_was_written_is_meant() => Assert.True(new ArgumentPattern("../*").Matches("../lib"));

    [Theory]
    [InlineData("../*", "../..")]
    [InlineData("../??", "../..")]
    [InlineData("../**", "../../../etc/shadow")]
    [InlineData("../**", "../lib/../../etc/shadow")]
    [InlineData("**/../x", "../../x")]
    public void A_way_up_that_was_written_is_not_one_more_for_the_wildcard(string pattern, string argument) =>
        Assert.False(new ArgumentPattern(pattern).Matches(argument));

    [Theory]
    [InlineData("/srv/*", "/srv/...")]
    [InlineData("/srv/*", "/srv/..a")]
    [InlineData("/srv/*/x", "/srv/a../x")]
    public void Dots_that_lead_nowhere_are_letters(string pattern, string argument) => Assert.True(new ArgumentPattern(pattern).Matches(argument));

    [Fact]
    public void Many_wildcards_cost_no_more_than_their_number_times_the_length()
    {
        // By trying out, this would take longer than the universe has existed.
        ArgumentPattern pattern = new(string.Concat(Enumerable.Repeat("a*", 50)) + "b");

        Assert.False(pattern.Matches(new string('a', 10_000)));
    }
}
