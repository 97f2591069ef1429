using Guestwire.Fuzz.Search;

namespace Guestwire.Fuzz.Tests.Search;

public sealed class LastInputTests
{
    [Fact]
    public void What_was_running_can_be_read_by_another_process_and_is_gone_after_a_good_end()
    {
        using FindingsOfTest findings = new();
        string path = Path.Combine(findings.Path, LastInput.Prefix + "x");
        using (LastInput last = new(findings.Path, "x", maxBytes: 16))
        {
            last.Note("a longer one"u8);
            last.Note("deadly"u8);

            Assert.Equal("deadly"u8, LastInput.Read(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void What_a_dead_process_left_becomes_a_finding()
    {
        using FindingsOfTest findings = new();
        File.WriteAllBytes(Path.Combine(findings.Path, LastInput.Prefix + "framer"), [2, 0, 0, 0, (byte)'h', (byte)'i', 0, 0]);
        using StringWriter output = new();

        Assert.Equal(1, FuzzCommand.Run(["--collect"], findings.Path, output));
        string text = File.ReadAllText(Assert.Single(Directory.GetFiles(findings.Path, "*.txt")));
        Assert.Contains("input (2 bytes): hi", text, StringComparison.Ordinal);
        Assert.Equal(0, FuzzCommand.Run(["--collect"], findings.Path, output));
    }
}
