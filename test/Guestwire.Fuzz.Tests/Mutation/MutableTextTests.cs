using System.Text;
using Guestwire.Fuzz.Mutation;

namespace Guestwire.Fuzz.Tests.Mutation;

public sealed class MutableTextTests
{
    [Theory]
    [InlineData(0, 0, "XY", "XYabcdef")]
    [InlineData(2, 3, "XY", "abXYf")]
    [InlineData(6, 0, "XY", "abcdefXY")]
    [InlineData(0, 6, "", "")]
    [InlineData(1, 1, "12345", "a12345cd")]
    [InlineData(4, 1, "123456789", "abcd1234")]
    public void A_part_is_replaced_and_what_is_too_long_is_cut_off(int start, int count, string with, string expected)
    {
        MutableText text = new(maxBytes: 8);
        text.Set("abcdef"u8);

        text.Replace(start, count, Encoding.ASCII.GetBytes(with));

        Assert.Equal(expected, Encoding.ASCII.GetString(text.Bytes));
    }
}
