using System.Text;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform;
using Guestwire.Agent.State;
using Guestwire.Agent.Tests.State;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Tests.Commands;

public sealed class ExecStreamCommandsTests : IDisposable
{
    private static readonly ExecOptions s_streams = new(true, true, null);
    private static readonly byte[] s_nothing = [];

    private readonly ExecBench _bench = new();
    private readonly ExecTable _table;
    private readonly ExecStreamCommands _commands;

    public ExecStreamCommandsTests()
    {
        _table = new ExecTable(_bench.Parts.Loop);
        _commands = new ExecStreamCommands(_table);
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void What_was_read_comes_again_until_the_cursor_passes_it()
    {
        long pid = Start(ExecBench.Shell("printf 0123456789; read x; printf more")).ProcessId;
        Await(pid, 10);

        Assert.Equal("0123456789", Text(Read(pid)));
        Assert.Equal("0123456789", Text(Read(pid)));
        Assert.Equal("56", Text(Read(pid, cursor: 5, count: 2)));
        Assert.Equal("56789", Text(Read(pid)));
        Assert.Equal(10, Read(pid, cursor: 5).OutCursor);

        _commands.Write(new() { Pid = pid, BufB64 = Base64Argument.Of("\n"u8) });
        _bench.Parts.TurnUntil(() => Read(pid, cursor: 10) is { OutEnded: true, Exited: true });
        Assert.Equal("more", Text(Read(pid)));
    }

    [Theory]
    [InlineData(4L)]
    [InlineData(11L)]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    public void A_cursor_before_what_was_given_back_or_behind_what_there_is_makes_no_sense(long cursor)
    {
        long pid = Start(ExecBench.Shell("printf 0123456789; read x")).ProcessId;
        Await(pid, 10);
        Read(pid, cursor: 5);

        Assert.Equal($"value '{cursor}' is invalid for argument out-cursor", Assert.Throws<QapiException>(() => Read(pid, cursor: cursor)).Message);

        Assert.Equal("56789", Text(Read(pid)));
    }

    [Fact]
    public void A_program_waits_for_its_reader_a_mebibyte_ahead_and_loses_nothing()
    {
        ExecProcess process = Start(ExecBench.Shell("head -c 3000000 /dev/zero | tr '\\0' x"));
        _bench.Parts.TurnUntil(() => process.OutputStream!.Descriptor < 0);
        _bench.Parts.Turn();

        Assert.Equal(ExecStream.MaxUnread, Read(process.ProcessId, count: ExecStream.MaxUnread).OutCursor);
        Assert.False(process.HasExited);
        long cursor = 0;
        _bench.Parts.TurnUntil(() =>
        {
            GuestwireExecOutput output = Read(process.ProcessId, cursor: cursor);
            Assert.True(output.OutData is null || Text(output).All(letter => letter == 'x'));
            cursor = output.OutCursor;
            return output is { OutEnded: true, Exited: true };
        });

        Assert.Equal(3_000_000, cursor);
    }

    [Fact]
    public async Task A_reader_waits_for_what_comes_and_for_the_end()
    {
        long pid = Start(ExecBench.Shell("read x; echo $x; read x")).ProcessId;
        Read(pid);
        Task<GuestwireExecOutput> reading = Task.Run(() => Read(pid, wait: 10_000));
        _commands.Write(new() { Pid = pid, BufB64 = Base64Argument.Of("hello\n"u8) });
        _bench.Parts.TurnUntil(() => reading.IsCompleted);

        Assert.Equal("hello\n", Text(await reading));
        reading = Task.Run(() => Read(pid, cursor: 6, wait: 10_000));
        _commands.Write(new() { Pid = pid, BufB64 = Base64Argument.Of(s_nothing), End = true });
        _bench.Parts.TurnUntil(() => reading.IsCompleted);
        Assert.True(await reading is { OutEnded: true } or { ErrEnded: true } or { Exited: true });
    }

    [Fact]
    public void Who_waits_in_vain_hears_that_there_is_nothing()
    {
        long pid = Start(ExecBench.Shell("read x")).ProcessId;

        GuestwireExecOutput output = Read(pid, wait: 20);

        Assert.Equal((null, null, 0L, 0L, false, false, false), (output.OutData, output.ErrData, output.OutCursor, output.ErrCursor, output.OutEnded, output.ErrEnded, output.Exited));
    }

    [Fact]
    public void A_stream_that_is_not_captured_has_ended_with_nothing_in_it()
    {
        long pid = Start(ExecBench.Shell("echo out; echo err >&2; read x") with { CaptureError = false }).ProcessId;
        Await(pid, 4);

        GuestwireExecOutput output = Read(pid);

        Assert.Equal((null, 0L, true), (output.ErrData, output.ErrCursor, output.ErrEnded));
        Assert.Throws<QapiException>(() => _commands.Read(new() { Pid = pid, ErrCursor = 1 }));
    }

    [Fact]
    public void Input_is_taken_once_however_often_it_is_sent()
    {
        long pid = Start(ExecBench.Program("cat") with { Input = "ab"u8.ToArray() }).ProcessId;

        Assert.Equal((5L, true), Write(pid, "cde", cursor: 2));
        Assert.Equal((5L, true), Write(pid, "cde", cursor: 2));
        Assert.Equal((7L, true), Write(pid, "defg", cursor: 3));
        Assert.Equal((8L, false), Write(pid, "h", end: true));
        Assert.Equal((8L, false), Write(pid, "h", cursor: 7, end: true));

        _bench.Parts.TurnUntil(() => Read(pid) is { OutEnded: true, Exited: true });
        Assert.Equal("abcdefgh", Text(Read(pid)));
    }

    [Theory]
    [InlineData(3L)]
    [InlineData(-1L)]
    public void Input_with_a_gap_before_it_is_refused(long cursor)
    {
        long pid = Start(ExecBench.Program("cat") with { Input = "ab"u8.ToArray() }).ProcessId;

        Assert.Contains("is invalid for argument cursor", Assert.Throws<QapiException>(() => Write(pid, "x", cursor)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_more_than_there_is_room_for_a_part_is_taken_and_the_end_is_not()
    {
        ExecProcess process = Start(ExecBench.Program("cat"));
        byte[] bytes = [.. Enumerable.Repeat((byte)'x', 1_500_000)];

        GuestwireExecInput first = _commands.Write(new() { Pid = process.ProcessId, BufB64 = Base64Argument.Of(bytes), End = true });
        Assert.Equal((ExecInput.MaxPending, true), (first.Cursor, first.Open));
        long taken = first.Cursor;
        _bench.Parts.TurnUntil(() =>
        {
            GuestwireExecInput next = _commands.Write(new() { Pid = process.ProcessId, Cursor = 0, BufB64 = Base64Argument.Of(bytes), End = true });
            taken = next.Cursor;
            Read(process.ProcessId, cursor: Read(process.ProcessId).OutCursor);
            return !next.Open;
        });

        Assert.Equal(bytes.Length, taken);
    }

    [Fact]
    public void A_program_that_closes_its_input_is_noticed_without_writing()
    {
        long pid = Start(ExecBench.Shell("exec <&-; echo closed; exec sleep 1000")).ProcessId;
        Await(pid, 7);

        _bench.Parts.TurnUntil(() => !Write(pid, "").IsOpen);

        _commands.Signal(new() { Pid = pid, Signal = 9 });
        _bench.Parts.TurnUntil(() => Read(pid) is { Exited: true, Signal: 9 });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    [InlineData(-9)]
    public void There_are_64_signals(long signal)
    {
        long pid = Start(ExecBench.Program("cat")).ProcessId;

        Assert.Throws<QapiException>(() => _commands.Signal(new() { Pid = pid, Signal = signal }));
    }

    [Fact]
    public void A_program_that_does_not_stream_and_one_that_is_unknown_are_told_apart()
    {
        long pid = _bench.StartIn(_table, ExecBench.Program("true")).ProcessId;

        Assert.Equal($"PID {pid} was started without stream-output", Assert.Throws<QapiException>(() => Read(pid)).Message);
        Assert.Equal($"PID {pid} was started without stream-input", Assert.Throws<QapiException>(() => Write(pid, "")).Message);
        Assert.Equal("PID 1 does not exist", Assert.Throws<QapiException>(() => Read(1)).Message);
        Assert.Equal("PID 1 does not exist", Assert.Throws<QapiException>(() => _commands.Signal(new() { Pid = 1, Signal = 9 })).Message);
    }

    [Fact]
    public void Its_end_is_enough_to_be_asked_about_and_then_nothing_of_it_is_kept()
    {
        ExecProcess process = Start(ExecBench.Shell("head -c 3000000 /dev/zero & printf x; sleep 0.01"));
        _bench.Parts.TurnUntil(() => process.HasExited);

        Assert.True(_table.Ask(process.ProcessId).HasEnded);
        process.Dispose();

        Assert.Throws<QapiException>(() => Read(process.ProcessId));
        _bench.Parts.TurnUntil(() => Libc.Kill(process.ProcessId, 0) < 0);
    }

    [Fact]
    public void Streams_share_what_all_captured_output_may_take()
    {
        ExecTable table = new(_bench.Parts.Loop, maxOutputBytes: 100_000);
        ExecStreamCommands commands = new(table);
        ExecProcess process = _bench.StartIn(table, ExecBench.Shell("head -c 300000 /dev/zero"), s_streams);
        long cursor = 0;
        _bench.Parts.TurnUntil(() =>
        {
            GuestwireExecOutput output = commands.Read(new() { Pid = process.ProcessId, OutCursor = cursor });
            Assert.InRange(output.OutCursor - cursor, 0, 100_000);
            output.OutData?.Dispose();
            cursor = output.OutCursor;
            _bench.Parts.Time.Advance(TimeSpan.FromMilliseconds(100));
            return output is { OutEnded: true, Exited: true };
        });

        Assert.Equal(300_000, cursor);
    }

    private ExecProcess Start(ProgramStart start) =>
        _bench.StartIn(_table, start with { Input = start.Input ?? s_nothing }, s_streams);

    private GuestwireExecOutput Read(long pid, long? cursor = null, long? count = null, long? wait = null) =>
        _commands.Read(new() { Pid = pid, OutCursor = cursor, Count = count, Wait = wait });

    private (long Cursor, bool IsOpen) Write(long pid, string text, long? cursor = null, bool end = false)
    {
        GuestwireExecInput input = _commands.Write(new() { Pid = pid, Cursor = cursor, BufB64 = Base64Argument.Of(Encoding.ASCII.GetBytes(text)), End = end });
        return (input.Cursor, input.Open);
    }

    private void Await(long pid, long position) => _bench.Parts.TurnUntil(() => Read(pid).OutCursor == position);

    private static string Text(GuestwireExecOutput output)
    {
        byte[] bytes = new byte[ExecStream.MaxUnread + 1];
        using Base64Source source = output.OutData!;
        return Encoding.ASCII.GetString(bytes, 0, source.Read(bytes));
    }
}
