using Guestwire.Fuzz.Targets;

namespace Guestwire.Fuzz.Tests.Targets;

/// <summary>The second matcher must be right by itself, or agreement says nothing.</summary>
public sealed class PlainPatternTests
{
    [Theory]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "a/c", false)]
    [InlineData("a**c", "a/c", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("*", "-x", false)]
    [InlineData("/srv/*", "/srv/..", false)]
    [InlineData("../*", "../..", false)]
    [InlineData("../*", "../lib", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "x", false)]
    public void An_argument_fits_or_does_not(string pattern, string argument, bool fits) => Assert.Equal(fits, PlainPattern.Matches(pattern, argument));
}
