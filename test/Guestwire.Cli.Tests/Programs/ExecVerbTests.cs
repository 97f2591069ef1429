using System.Text.Json;
using Guestwire.Cli.Output;
using static Guestwire.Cli.Tests.Programs.ExecReplies;

namespace Guestwire.Cli.Tests.Programs;

public sealed class ExecVerbTests
{
    [Fact]
    public async Task A_program_s_output_its_errors_and_its_exit_code_are_passed_on()
    {
        await using FakeAgent agent = Plain($$"""{"exited": true, "exitcode": 7, "out-data": "{{Base64("out\n")}}", "err-data": "{{Base64("err\n")}}"}""");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("exec", agent.Target, "--", "prog", "--all", "@words", "a b");

        Assert.Equal((7, "out\n", "err\n"), (outcome.Code, outcome.Text, outcome.Error));
        JsonElement arguments = ArgumentsOf(agent, "guest-exec");
        Assert.Equal("prog", arguments.GetProperty("path").GetString());
        Assert.Equal(["--all", "@words", "a b"], arguments.GetProperty("arg").EnumerateArray().Select(word => word.GetString()!));
        Assert.True(arguments.GetProperty("capture-output").GetBoolean());
    }

    [Fact]
    public async Task A_program_that_a_signal_killed_gives_128_and_the_signal()
    {
        await using FakeAgent agent = Plain("""{"exited": true, "signal": 9}""");

        Assert.Equal(137, (await new ProgramCall().RunAsync("exec", agent.Target, "--", "prog")).Code);
    }

    [Theory]
    [InlineData("Guest agent command failed, error was 'Failed to execute child process \\u201cprog\\u201d (No such file or directory)'", 127)]
    [InlineData("Failed to execute child process \\u201cprog\\u201d (Permission denied)", 126)]
    [InlineData("cannot enter '/nowhere': No such file or directory", 125)]
    public async Task Why_a_program_did_not_start_is_in_the_exit_code(string error, int code)
    {
        await using FakeAgent agent = FakeAgent.Start().Fails("guest-exec", error);

        Assert.Equal(code, (await new ProgramCall().RunAsync("exec", agent.Target, "--", "prog")).Code);
    }

    [Fact]
    public async Task What_is_not_the_program_s_fault_gives_125()
    {
        await using FakeAgent blocked = FakeAgent.Start().Disables("guest-exec");

        Assert.Equal(125, (await new ProgramCall().RunAsync("exec", blocked.Target, "--", "prog")).Code);
        Assert.Equal(125, (await new ProgramCall().RunAsync("exec", "unix:/nonexistent/socket", "--", "prog")).Code);
        Assert.Equal(125, (await new ProgramCall().RunAsync("exec", blocked.Target)).Code);
        Assert.Equal(125, (await new ProgramCall().RunAsync("exec", "nobody", "--", "prog")).Code);
    }

    [Fact]
    public async Task A_guest_that_is_lost_meanwhile_gives_125_and_says_why()
    {
        await using FakeAgent agent = FakeAgent.Start()
            .Returns("guest-exec", """{"pid": 77}""")
            .Answers("guest-exec-status", _ => throw new IOException("the machine is off"));

        ProgramOutcome outcome = await new ProgramCall().RunAsync("exec", agent.Target, "--", "prog");

        Assert.Equal(125, outcome.Code);
        Assert.Contains("closed", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_goes_to_the_program_unless_it_may_not()
    {
        await using FakeAgent fed = Plain("""{"exited": true, "exitcode": 0}""");
        await using FakeAgent unfed = Plain("""{"exited": true, "exitcode": 0}""");
        byte[] input = [0, 255, 10, 13];

        await new ProgramCall { Input = input }.RunAsync("exec", fed.Target, "--", "prog");
        await new ProgramCall { Input = input }.RunAsync("exec", unfed.Target, "--no-stdin", "--", "prog");

        Assert.Equal(input, ArgumentsOf(fed, "guest-exec").GetProperty("input-data").GetBytesFromBase64());
        Assert.False(ArgumentsOf(unfed, "guest-exec").TryGetProperty("input-data", out _));
    }

    [Fact]
    public async Task What_an_agent_does_not_know_of_a_program_the_guest_s_own_programs_do()
    {
        await using FakeAgent agent = Plain("""{"exited": true, "exitcode": 0}""");

        await new ProgramCall().RunAsync("exec", agent.Target, "--user", "alice", "--cwd", "/srv", "-e", "A=b c", "--timeout", "1.5", "--", "prog", "x");

        JsonElement arguments = ArgumentsOf(agent, "guest-exec");
        string[] words = [arguments.GetProperty("path").GetString()!, .. arguments.GetProperty("arg").EnumerateArray().Select(word => word.GetString()!)];
        Assert.Equal(["timeout", "-k", "5", "2", "runuser", "-u", "alice", "--", "/bin/sh", "-c"], words[..10]);
        Assert.Equal(["/srv", "env", "A=b c", "prog", "x"], words[12..]);
    }

    [Fact]
    public async Task An_agent_that_streams_is_told_who_runs_the_program_and_where()
    {
        await using FakeAgent agent = Streaming(Piece("a", 1), Piece("b", 2), End(2, "\"exitcode\": 3"));

        ProgramOutcome outcome = await new ProgramCall().RunAsync("exec", agent.Target, "--user", "alice", "--cwd", "/srv", "--timeout", "9", "--", "prog");

        Assert.Equal((3, "ab"), (outcome.Code, outcome.Text));
        JsonElement arguments = ArgumentsOf(agent, "guest-exec");
        Assert.Equal(("alice", "/srv", 9), (arguments.GetProperty("user").GetString(), arguments.GetProperty("cwd").GetString(), arguments.GetProperty("timeout").GetInt32()));
        Assert.Equal("guest-exec-status", CommandsOf(agent)[^1]);
    }

    [Fact]
    public async Task Input_streams_to_its_last_byte_and_then_ends()
    {
        // Every question for output is answered with nothing, until the input has ended.
        await using FakeAgent agent = Streaming();
        bool hasEnded = false;
        MemoryStream received = new();
        agent.Answers("__org.guestwire_exec-write", arguments =>
        {
            received.Write(arguments.GetProperty("buf-b64").GetBytesFromBase64());
            hasEnded = arguments.TryGetProperty("end", out JsonElement end) && end.GetBoolean();
            return FakeAgent.Return($$"""{"cursor": {{received.Length}}, "open": {{(hasEnded ? "false" : "true")}}}""");
        });
        agent.Answers("__org.guestwire_exec-read", _ => FakeAgent.Return(hasEnded ? End(0) : Piece("", 0)));
        byte[] input = new byte[3_000_001];
        new Random(5).NextBytes(input);

        ProgramOutcome outcome = await new ProgramCall { Input = input }.RunAsync("exec", agent.Target, "--", "prog");

        Assert.Equal(0, outcome.Code);
        Assert.Equal(input, received.ToArray());
    }

    [Fact]
    public async Task When_nobody_reads_its_output_the_program_gets_a_SIGPIPE()
    {
        await using FakeAgent agent = Streaming(Piece("a", 1), Piece("b", 2), End(2, "\"signal\": 13"));

        ProgramOutcome outcome = await new ProgramCall { Output = new ClosedStream() }.RunAsync("exec", agent.Target, "--", "prog");

        Assert.Equal(141, outcome.Code);
        Assert.Equal(13, ArgumentsOf(agent, "__org.guestwire_exec-signal").GetProperty("signal").GetInt32());
    }

    [Fact]
    public async Task Output_that_the_agent_dropped_is_not_passed_over_in_silence()
    {
        await using FakeAgent agent = Plain($$"""{"exited": true, "exitcode": 0, "out-data": "{{Base64("much")}}", "out-truncated": true}""");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("exec", agent.Target, "--", "prog");

        Assert.Contains("output is missing", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_an_agent_cannot_stream_is_said_only_when_asked_for()
    {
        await using FakeAgent agent = Plain("""{"exited": true, "exitcode": 0}""");

        Assert.Equal("", (await new ProgramCall().RunAsync("exec", agent.Target, "--", "prog")).Error);
        Assert.Contains("cannot stream", (await new ProgramCall().RunAsync("exec", agent.Target, "-v", "--", "prog")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_guests_each_line_bears_the_name_and_the_exit_code_tells_that_they_differ()
    {
        await using FakeAgent one = Plain($$"""{"exited": true, "exitcode": 0, "out-data": "{{Base64("a\nb")}}"}""");
        await using FakeAgent two = Plain($$"""{"exited": true, "exitcode": 4, "err-data": "{{Base64("no\n")}}"}""");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("exec", one.Target, two.Target, "--", "prog");

        Assert.Equal(ExitCode.Partly, outcome.Code);
        Assert.Equal($"{one.Target}: a\n{one.Target}: b\n", outcome.Text);
        Assert.Contains($"{two.Target}: no\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"{two.Target}: exit code 4\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("2 guests, exit code 0 in 1\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_groups_each_guest_s_output_is_in_one_piece()
    {
        await using FakeAgent one = Plain($$"""{"exited": true, "exitcode": 6, "out-data": "{{Base64("a\nb\n")}}"}""");

        ProgramOutcome outcome = await new ProgramCall { Guests = [new("web1", Client.GuestTransport.Parse(one.Target))] }.RunAsync("exec", "web*", "--group", "--", "prog");

        Assert.Equal((6, "web1:\na\nb\n"), (outcome.Code, outcome.Text));
    }

    [Fact]
    public async Task As_JSON_text_is_text_and_anything_else_is_base64()
    {
        await using FakeAgent agent = Plain($$"""{"exited": true, "signal": 11, "out-data": "/w==", "err-data": "{{Base64("text")}}"}""");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("exec", agent.Target, "--json", "--", "prog");

        Assert.Equal(139, outcome.Code);
        Assert.Equal("""{"signal":11,"stdout-base64":"/w==","stderr":"text"}""", outcome.Text.TrimEnd());
    }

    [Fact]
    public async Task A_program_that_is_left_to_itself_is_told_by_its_number_and_asked_for_no_more()
    {
        await using FakeAgent agent = Plain("""{"exited": true, "exitcode": 0}""");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("exec", agent.Target, "-d", "--", "prog");

        Assert.Equal((0, "77\n"), (outcome.Code, outcome.Text));
        Assert.Equal(["guest-exec"], CommandsOf(agent));
        Assert.False(ArgumentsOf(agent, "guest-exec").GetProperty("capture-output").GetBoolean());
    }

    private sealed class ClosedStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new ClosedOutputException();
    }
}
