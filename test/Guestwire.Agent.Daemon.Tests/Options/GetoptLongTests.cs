using Guestwire.Agent.Daemon.Options;

namespace Guestwire.Agent.Daemon.Tests.Options;

/// <summary>Every expectation here is what getopt_long of GNU libc 2.36 answers with the same table of options.</summary>
public sealed class GetoptLongTests
{
    // Words are separated by one blank; an option is its letter, or letter=argument.
    [Theory]
    [InlineData("", "")]
    [InlineData("-v", "v")]
    [InlineData("-dv", "d v")]
    [InlineData("-m unix-listen", "m=unix-listen")]
    [InlineData("-munix-listen", "m=unix-listen")]
    [InlineData("-dvmunix-listen", "d v m=unix-listen")]
    [InlineData("-m -v", "m=-v")]
    [InlineData("-m -- -v", "m=-- v")]
    [InlineData("-m=x", "m==x")]
    [InlineData("--method x", "m=x")]
    [InlineData("--method=x", "m=x")]
    [InlineData("--method=", "m=")]
    [InlineData("--method=a=b", "m=a=b")]
    [InlineData("--method -v", "m=-v")]
    [InlineData("--block-rpcs=x", "b=x")]
    [InlineData("--blacklist=x", "b=x")]
    public void Arguments_are_attached_or_follow(string words, string expected) => Assert.Equal(expected, Read(words));

    [Theory]
    [InlineData("-F", "F")]
    [InlineData("-F/x", "F=/x")]
    [InlineData("-F /x", "F")]
    [InlineData("-vF", "v F")]
    [InlineData("-Fv", "F=v")]
    [InlineData("--fsfreeze-hook /x", "F")]
    [InlineData("--fsfreeze-hook=/x", "F=/x")]
    [InlineData("--fsfreeze-hook=", "F=")]
    public void An_optional_argument_must_be_attached(string words, string expected) => Assert.Equal(expected, Read(words));

    [Theory]
    [InlineData("--hel", "h")]
    [InlineData("--meth=x", "m=x")]
    [InlineData("--path=x", "p=x")]
    [InlineData("--pa x", "p=x")]
    [InlineData("--verb", "v")]
    [InlineData("--re", "r")]
    [InlineData("--bl x", "b=x")]
    [InlineData("--s x", "t=x")]
    public void A_long_name_may_be_cut_while_it_means_one_option(string words, string expected) =>
        Assert.Equal(expected, Read(words));

    [Theory]
    [InlineData("a -v b -d", "v d")]
    [InlineData("- -v", "v")]
    [InlineData("-v -- -d", "v")]
    [InlineData("-v -- --bogus", "v")]
    public void Operands_are_dropped_wherever_they_stand(string words, string expected) => Assert.Equal(expected, Read(words));

    [Theory]
    [InlineData("-v a -d", "v")]
    [InlineData("- -d", "")]
    [InlineData("-m a -d", "m=a d")]
    public void The_first_operand_ends_the_options_where_posix_is_wanted(string words, string expected) =>
        Assert.Equal(expected, Read(words, operandEndsOptions: true));

    [Theory]
    [InlineData("-Z", "invalid option -- 'Z'")]
    [InlineData("-dZv", "invalid option -- 'Z'")]
    [InlineData("-?", "invalid option -- '?'")]
    [InlineData("-m", "option requires an argument -- 'm'")]
    [InlineData("-vm", "option requires an argument -- 'm'")]
    [InlineData("--bogus", "unrecognized option '--bogus'")]
    [InlineData("--bogus=1", "unrecognized option '--bogus=1'")]
    [InlineData("--method", "option '--method' requires an argument")]
    [InlineData("--met", "option '--method' requires an argument")]
    [InlineData("--verbose=1", "option '--verbose' doesn't allow an argument")]
    [InlineData("--dump=1", "option '--dump-conf' doesn't allow an argument")]
    [InlineData("--ver", "option '--ver' is ambiguous; possibilities: '--version' '--verbose'")]
    [InlineData("--ver=3", "option '--ver=3' is ambiguous; possibilities: '--version' '--verbose'")]
    [InlineData("--p x", "option '--p' is ambiguous; possibilities: '--pidfile' '--path' '--policy-test'")]
    public void A_wrong_word_is_told_in_the_words_of_the_c_library(string words, string expected) =>
        Assert.Equal([$"prog: {expected}"], Parse(words).Where(option => option.Error is not null).Select(option => option.Error));

    [Fact]
    public void A_wrong_letter_does_not_hide_those_around_it() => Assert.Equal("d ? v", Read("-dZv"));

    [Fact]
    public void An_empty_word_is_an_operand() =>
        Assert.Single(new GetoptLong("prog", CommandLine.Options, operandEndsOptions: false).Parse(["", "-v"]));

    private static string Read(string words, bool operandEndsOptions = false) => string.Join(
        ' ',
        Parse(words, operandEndsOptions).Select(option => option.Argument is null ? $"{option.Code}" : $"{option.Code}={option.Argument}"));

    private static IReadOnlyList<ParsedOption> Parse(string words, bool operandEndsOptions = false) =>
        new GetoptLong("prog", CommandLine.Options, operandEndsOptions).Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
