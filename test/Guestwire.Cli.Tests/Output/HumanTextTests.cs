using Guestwire.Cli.Output;

namespace Guestwire.Cli.Tests.Output;

public sealed class HumanTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(104857600, "100 MiB")]
    [InlineData(1.5e12, "1.4 TiB")]
    [InlineData(1.8446744073709552e19, "16.0 EiB")]
    public void Sizes_have_three_digits_or_so(double bytes, string text) => Assert.Equal(text, HumanText.Size(bytes));

    [Fact]
    public void Numbers_that_follow_one_another_are_a_range() =>
        Assert.Equal("0-2,5,7-8", HumanText.Ranges([8, 0, 1, 2, 5, 7]));

    [Fact]
    public void No_numbers_are_no_range() => Assert.Equal("", HumanText.Ranges([]));

    [Fact]
    public void Lines_stay_lines() => Assert.Equal("one\ntwo\uFFFD[2J\nthree", HumanText.SafeLines("one\ntwo\u001b[2J\r\nthree"));

    [Theory]
    [InlineData("web1", "web1")]
    [InlineData("a\u001b[31mb\n", "a\uFFFD[31mb\uFFFD")]
    [InlineData("\u009b2J", "\uFFFD2J")]
    [InlineData("gnp.\u202Eexe", "gnp.\uFFFDexe")]
    public void What_a_terminal_would_obey_is_taken_out(string text, string safe) => Assert.Equal(safe, HumanText.Safe(text));
}
