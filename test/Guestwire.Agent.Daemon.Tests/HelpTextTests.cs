using Guestwire.Agent.Daemon.Options;

namespace Guestwire.Agent.Daemon.Tests;

public sealed class HelpTextTests
{
    [Fact]
    public void The_first_line_names_the_program_as_it_was_called() =>
        Assert.StartsWith("Usage: /usr/sbin/qemu-ga ", HelpText.Write("/usr/sbin/qemu-ga"), StringComparison.Ordinal);

    [Fact]
    public void Every_option_is_explained()
    {
        string help = HelpText.Write("prog");
        foreach (OptionDefinition option in CommandLine.Options.DistinctBy(option => option.Code))
        {
            string letter = char.IsAscii(option.Code) ? $"-{option.Code}, " : "";
            Assert.Contains($"\n  {letter}--{option.LongName}", help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_version_is_that_of_the_build() =>
        Assert.Equal(Versions.Own, typeof(Versions).Assembly.GetName().Version!.ToString(fieldCount: 3));
}
