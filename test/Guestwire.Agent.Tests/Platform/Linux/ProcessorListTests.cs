using System.Globalization;
using System.Text;
using Guestwire.Agent.Platform.Linux;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class ProcessorListTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("0\n", "0")]
    [InlineData("0-3\n", "0 1 2 3")]
    [InlineData("0-1,5,7-8", "0 1 5 7 8")]
    [InlineData("3-2", "")]
    public void Numbers_and_ranges_are_on_it(string text, string expected)
    {
        ProcessorList list = ProcessorList.TryParse(Encoding.ASCII.GetBytes(text))!;

        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 10).Where(number => list.Contains(number))));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("0,")]
    [InlineData(",0")]
    [InlineData("0-")]
    [InlineData("-1")]
    [InlineData("0--1")]
    [InlineData("0 1")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_no_list(string text) => Assert.Null(ProcessorList.TryParse(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_list_may_have_thousands_of_ranges()
    {
        string text = string.Join(',', Enumerable.Range(0, 4000).Select(i => (2 * i).ToString(CultureInfo.InvariantCulture)));

        ProcessorList list = ProcessorList.TryParse(Encoding.ASCII.GetBytes(text))!;

        Assert.True(list.Contains(7998));
        Assert.False(list.Contains(7997));
    }
}
