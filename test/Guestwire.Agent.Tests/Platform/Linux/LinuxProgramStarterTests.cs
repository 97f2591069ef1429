using Guestwire.Agent.State;
using Guestwire.Agent.Tests.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class LinuxProgramStarterTests : IDisposable
{
    private readonly ExecBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_script_without_a_first_line_that_says_whose_is_the_shells()
    {
        string script = Script("script", "echo \"$0 $1\"\n");
        using ExecProcess process = _bench.Run(ExecBench.Program(script, "argument"));

        Assert.Equal($"{script} argument\n", ExecBench.Text(process.Output));
    }

    [Fact]
    public void A_name_without_a_slash_is_looked_for_in_the_PATH_of_the_programs_own_environment()
    {
        Script("only-here", "#!/bin/sh\necho found\n");
        using ExecProcess process = _bench.Run(
            ExecBench.Program("only-here") with { Environment = [$"PATH=/missing:{_bench.Parts.Folder.FullName}"] });

        Assert.Equal("found\n", ExecBench.Text(process.Output));
    }

    [Fact]
    public void An_empty_environment_is_empty()
    {
        using ExecProcess process = _bench.Run(ExecBench.Program("/usr/bin/env") with { Environment = [] });

        Assert.Equal("", ExecBench.Text(process.Output));
        Assert.Equal(0, process.WaitStatus);
    }

    [Fact]
    public void The_environment_is_exactly_what_was_asked_for()
    {
        using ExecProcess process = _bench.Run(ExecBench.Program("/usr/bin/env") with { Environment = ["A=1", "B=two words", "C="] });

        Assert.Equal("A=1\nB=two words\nC=\n", ExecBench.Text(process.Output));
    }

    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        using ExecProcess process = _bench.Run(ExecBench.Program("printf", "%s|", "a b", "", "$HOME", "ü", "'\""));

        Assert.Equal("a b||$HOME|ü|'\"|", ExecBench.Text(process.Output));
    }

    [Theory]
    [InlineData("/no/such/program", "No such file or directory")]
    [InlineData("no-such-program", "No such file or directory")]
    [InlineData("", "No such file or directory")]
    [InlineData("/etc/passwd", "Permission denied")]
    [InlineData("/etc", "Permission denied")]
    public void What_cannot_be_started_is_told_at_once(string path, string why)
    {
        QapiException error = Assert.Throws<QapiException>(() => _bench.Start(ExecBench.Program(path)));

        Assert.Equal($"Failed to execute child process \u201C{path}\u201D ({why})", error.Message);
    }

    private string Script(string name, string text)
    {
        string path = _bench.Parts[name];
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
