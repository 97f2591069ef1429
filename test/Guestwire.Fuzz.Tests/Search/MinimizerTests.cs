using System.Text;
using Guestwire.Fuzz.Search;

namespace Guestwire.Fuzz.Tests.Search;

public sealed class MinimizerTests
{
    [Fact]
    public void Only_what_matters_is_left() =>
        Assert.Equal("xy", Minimize("a long text with an x, then other things, and then a y somewhere", text =>
            text.Contains('x', StringComparison.Ordinal) && text.LastIndexOf('y') > text.IndexOf('x', StringComparison.Ordinal)));

    [Fact]
    public void What_must_be_there_but_may_be_anything_becomes_plain() => Assert.Equal("a0aaa", Minimize("Q9#%!", text => text.Length == 5));

    [Fact]
    public void An_input_that_cannot_be_smaller_stays() => Assert.Equal("whole", Minimize("whole", text => text == "whole"));

    private static string Minimize(string input, Func<string, bool> isSame) =>
        Encoding.ASCII.GetString(new Minimizer(candidate => isSame(Encoding.ASCII.GetString(candidate))).Minimize(Encoding.ASCII.GetBytes(input)));
}
