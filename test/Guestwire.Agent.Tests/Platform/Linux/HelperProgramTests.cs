using System.Text;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class HelperProgramTests
{
    private const string Action = "wash the cat";

    private readonly IHelperProgram _helper = new HelperProgram();

    [Fact]
    public void A_program_that_succeeds_is_silent_and_its_output_is_kept()
    {
        HelperEnd end = _helper.TryRun(Shell("echo out; echo err >&2"));

        Assert.True(end.HasSucceeded);
        Assert.Equal("out\nerr\n", end.Output);
        _helper.Run(Shell("echo out"));
    }

    [Theory]
    [InlineData("echo no water >&2; exit 3", "child process has failed to wash the cat: no water\n")]
    [InlineData("exit 3", "child process has failed to wash the cat: exit status 3")]
    [InlineData("kill -9 $$", "child process has terminated abnormally")]
    [InlineData("echo so; kill -9 $$", "child process has terminated abnormally: so\n")]
    public void A_failure_is_told_with_the_words_of_the_program(string commandLine, string expected) =>
        Assert.Equal(expected, Assert.Throws<QapiException>(() => _helper.Run(Shell(commandLine))).Message);

    [Theory]
    [InlineData("/no/such/program", "No such file or directory")]
    [InlineData("no-such-program", "No such file or directory")]
    [InlineData("/etc/passwd", "Permission denied")]
    public void A_program_that_cannot_be_executed_looks_like_one_that_failed(string program, string why)
    {
        HelperStart start = new(Action, program);

        Assert.True(_helper.TryRun(start).IsNotExecuted);
        Assert.Equal(
            $"child process has failed to wash the cat: failed to exec '{program}': {why}\n",
            Assert.Throws<QapiException>(() => _helper.Run(start)).Message);
    }

    [Fact]
    public void Input_reaches_the_program_and_ends() =>
        Assert.Equal("alice:secret", _helper.TryRun(Shell("cat") with { Input = "alice:secret"u8.ToArray() }).Output);

    [Fact]
    public void Without_input_there_is_an_end_at_once() => Assert.Equal("", _helper.TryRun(Shell("cat")).Output);

    [Fact]
    public void More_input_and_output_than_pipes_hold_make_nobody_wait()
    {
        byte[] input = new byte[1024 * 1024];
        input.AsSpan().Fill((byte)'x');

        HelperEnd end = _helper.TryRun(Shell("head -c 500000 /dev/zero; cat; echo the reason >&2") with { Input = input });

        Assert.True(end.HasSucceeded);
        Assert.Equal(HelperPipes.MaxOutputBytes, end.Output.Length);
        Assert.EndsWith("xxxthe reason\n", end.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_does_not_read_its_input_is_judged_by_its_exit_code()
    {
        byte[] input = new byte[1024 * 1024];

        Assert.True(_helper.TryRun(Shell("exec <&-; exit 0") with { Input = input }).HasSucceeded);
        Assert.Equal(4, _helper.TryRun(Shell("exit 4") with { Input = input }).ExitCode);
    }

    [Fact]
    public void A_child_in_the_background_that_holds_the_output_is_not_waited_for()
    {
        // The reader of the FIFO outlives the helper until the test opens the other end.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("guestwire-");
        try
        {
            string fifo = Path.Combine(folder.FullName, "fifo");
            HelperEnd end = _helper.TryRun(Shell($"mkfifo {fifo}; cat {fifo} & echo done"));

            Assert.Equal("done\n", end.Output);
            File.WriteAllText(fifo, "");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_was_written_just_before_the_end_is_not_lost()
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(60000, _helper.TryRun(Shell("head -c 60000 /dev/zero")).Output.Length);
        }
    }

    [Fact]
    public void A_secret_is_wiped_whether_the_program_ran_or_not()
    {
        byte[] fed = Encoding.ASCII.GetBytes("secret");
        byte[] unread = Encoding.ASCII.GetBytes("secret");

        _helper.TryRun(Shell("cat") with { Input = fed, WipesInput = true });
        _helper.TryRun(new HelperStart(Action, "/no/such/program") { Input = unread, WipesInput = true });

        Assert.All(fed.Concat(unread), value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_program_leads_a_session_of_its_own()
    {
        string[] words = _helper.TryRun(Shell("echo $$; cut -d' ' -f6 /proc/$$/stat")).Output.Split('\n');

        Assert.Equal(words[0], words[1]);
    }

    [Fact]
    public void One_over_its_limit_is_asked_to_end_and_the_error_names_it_the_limit_and_its_last_words()
    {
        HelperStart start = Shell("exec 2> /dev/null; trap 'echo cleaned up; exit 0' TERM; echo begun; while :; do sleep 0.1; done") with { Limit = TimeSpan.FromSeconds(2.5) };

        QapiException error = Assert.Throws<QapiException>(() => _helper.Run(start));

        Assert.Equal("'/bin/sh' did not end within 2.5 s and was killed: begun\ncleaned up\n", error.Message);
    }

    [Fact]
    public void One_that_does_not_want_to_end_is_killed_with_all_its_session()
    {
        // The shell ignores SIGTERM; timeout leads a process group of its own, as hooks' clients do.
        HelperStart start = Shell("trap '' TERM; sleep 1000 & echo $!; timeout 1000 sleep 1001 & echo $!; echo $$; while :; do sleep 1000; done");

        HelperEnd end = _helper.TryRun(start with { Limit = TimeSpan.FromSeconds(5) });

        Assert.Null(end.ExitCode);
        int[] started = [.. end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        Assert.Equal(3, started.Length);
        Assert.True(SpinWait.SpinUntil(() => started.All(HasEnded), TimeSpan.FromSeconds(30)), "some of them live on");

        // Of the one that is our child, no zombie is left either.
        Assert.False(Directory.Exists($"/proc/{started[2]}"));
    }

    [Fact]
    public void One_within_its_limit_is_not_hurried()
    {
        HelperEnd end = _helper.TryRun(Shell("sleep 0.2; echo done") with { Limit = TimeSpan.FromSeconds(30) });

        Assert.True(end.HasSucceeded);
        Assert.Equal("done\n", end.Output);
    }

    /// <summary>Whether a process is gone, or a zombie that nobody of us has to reap.</summary>
    private static bool HasEnded(int number)
    {
        try
        {
            return File.ReadAllText($"/proc/{number}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static HelperStart Shell(string commandLine) => new(Action, "/bin/sh", "-c", commandLine);
}
