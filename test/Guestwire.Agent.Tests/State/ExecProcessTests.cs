using Guestwire.Agent.Commands;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.State;

public sealed class ExecProcessTests : IDisposable
{
    private static readonly ExecOptions Limited = new(false, false, TimeSpan.FromSeconds(10));

    private readonly ExecBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3 << 8)]
    [InlineData("exit 255", 255 << 8)]
    [InlineData("kill -9 $$", 9)]
    [InlineData("kill -15 $$", 15)]
    public void The_wait_status_tells_code_or_signal(string commandLine, int expected)
    {
        using ExecProcess process = _bench.Run(ExecBench.Shell(commandLine));

        // The bit that says whether a core was written does not matter.
        Assert.Equal(expected, process.WaitStatus & ~0x80);
    }

    [Fact]
    public void Each_stream_is_captured_by_itself()
    {
        using ExecProcess process = _bench.Run(ExecBench.Shell("echo out; echo err >&2"));

        Assert.Equal("out\n", ExecBench.Text(process.Output));
        Assert.Equal("err\n", ExecBench.Text(process.Error));
    }

    [Fact]
    public void Merged_streams_come_in_the_order_in_which_they_were_written()
    {
        using ExecProcess process = _bench.Run(
            ExecBench.Shell("echo one; echo two >&2; echo three") with { CaptureError = false, MergeError = true });

        Assert.Equal("one\ntwo\nthree\n", ExecBench.Text(process.Output));
        Assert.Null(process.Error);
    }

    [Fact]
    public void One_stream_alone_can_be_captured()
    {
        using ExecProcess process = _bench.Run(ExecBench.Shell("echo out; echo err >&2") with { CaptureOutput = false });

        Assert.Null(process.Output);
        Assert.Equal("err\n", ExecBench.Text(process.Error));
    }

    [Theory]
    [InlineData(ExecOutput.MaxBytes, false)]
    [InlineData(ExecOutput.MaxBytes + 1, true)]
    public void Output_is_kept_up_to_16_MiB_and_the_rest_read_and_dropped(int written, bool truncated)
    {
        using ExecProcess process = _bench.Run(ExecBench.Shell($"head -c {written} /dev/zero"));

        Assert.Equal(ExecOutput.MaxBytes, process.Output!.Bytes.Count);
        Assert.Equal(truncated, process.Output.IsTruncated);
        Assert.Equal(0, process.WaitStatus);
    }

    [Fact]
    public void Input_larger_than_a_pipe_is_fed_while_the_output_is_read()
    {
        byte[] input = new byte[1_000_000];
        new Random(3).NextBytes(input);
        using ExecProcess process = _bench.Run(ExecBench.Program("cat") with { Input = input });

        Assert.Equal(input, process.Output!.Bytes.Bytes.ToArray());
    }

    [Fact]
    public void The_input_is_a_copy_because_its_frame_will_be_gone()
    {
        byte[] input = [.. Enumerable.Repeat((byte)'a', 200_000)];
        using ExecProcess process = _bench.Start(ExecBench.Program("cat") with { Input = input });
        input.AsSpan().Fill((byte)'b');
        _bench.Parts.TurnUntil(() => process.HasEnded);

        Assert.False(process.Output!.Bytes.Bytes.Contains((byte)'b'));
        Assert.Equal(200_000, process.Output.Bytes.Count);
    }

    [Fact]
    public void A_program_that_does_not_read_its_input_ends_all_the_same()
    {
        using ExecProcess process = _bench.Run(ExecBench.Program("true") with { Input = new byte[1_000_000] });

        Assert.Equal(0, process.WaitStatus);
    }

    [Fact]
    public void Empty_input_is_an_input_that_ends()
    {
        using ExecProcess process = _bench.Run(ExecBench.Shell("cat; readlink /proc/self/fd/0") with { Input = Array.Empty<byte>() });

        Assert.StartsWith("pipe:", ExecBench.Text(process.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_input_a_program_reads_the_null_device_and_has_no_descriptor_of_ours()
    {
        using ExecProcess process = _bench.Run(ExecBench.Shell("readlink /proc/$$/fd/0; ls /proc/$$/fd"));

        Assert.Equal("/dev/null\n0\n1\n2\n", ExecBench.Text(process.Output));
    }

    [Fact]
    public void A_program_starts_with_no_signal_blocked_or_ignored()
    {
        using ExecProcess process = _bench.Run(ExecBench.Program("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"));

        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", ExecBench.Text(process.Output));
    }

    [Fact]
    public void It_has_not_ended_while_a_grandchild_holds_its_output()
    {
        string pipe = _bench.Parts["pipe"];
        _bench.Run(ExecBench.Program("mkfifo", pipe)).Dispose();
        using ExecProcess process = _bench.Start(ExecBench.Shell($"cat {pipe} & echo started"));
        _bench.Parts.TurnUntil(() => process.HasExited);

        Assert.False(process.HasEnded);
        using (FileStream writer = new(pipe, FileMode.Open, FileAccess.Write))
        {
            writer.Write("more"u8);
        }

        _bench.Parts.TurnUntil(() => process.HasEnded);
        Assert.Equal("started\nmore", ExecBench.Text(process.Output));
    }

    [Fact]
    public void A_program_leads_a_group_and_a_signal_reaches_all_of_it()
    {
        string pipe = _bench.Parts["pipe"];
        _bench.Run(ExecBench.Program("mkfifo", pipe)).Dispose();
        using ExecProcess process = _bench.Start(ExecBench.Shell($"cat {pipe} & echo ready; wait"));
        _bench.Parts.TurnUntil(() => process.Output!.Bytes.Count > 0);

        process.Signal(Libc.SIGTERM);
        _bench.Parts.TurnUntil(() => process.HasEnded);

        // The child held the output open: it is gone as well.
        Assert.Equal(Libc.SIGTERM, process.WaitStatus);
    }

    [Fact]
    public void A_signal_reaches_children_that_outlive_their_program_while_they_hold_its_output()
    {
        string pipe = _bench.Parts["pipe"];
        _bench.Run(ExecBench.Program("mkfifo", pipe)).Dispose();
        using ExecProcess process = _bench.Start(ExecBench.Shell($"cat {pipe} & echo ready"));
        _bench.Parts.TurnUntil(() => process.HasExited && process.Output!.Bytes.Count > 0);
        Assert.False(process.HasEnded);

        process.Signal(Libc.SIGKILL);
        _bench.Parts.TurnUntil(() => process.HasEnded);

        Assert.Equal(0, process.WaitStatus);
        Assert.Equal(-1, Libc.Kill(process.ProcessId, 0));
    }

    [Fact]
    public void A_program_that_is_over_gets_no_signal()
    {
        using ExecProcess process = _bench.Run(ExecBench.Program("true"));

        process.Signal(Libc.SIGKILL);

        Assert.Equal(0, process.WaitStatus);
    }

    [Fact]
    public void Time_that_is_up_ends_a_program_and_its_children()
    {
        using ExecProcess process = _bench.Start(ExecBench.Shell("sleep 1000 & echo ready; wait"), Limited);
        _bench.Parts.TurnUntil(() => process.Output!.Bytes.Count > 0);
        _bench.Parts.Time.Advance(TimeSpan.FromSeconds(9));
        _bench.Parts.Turn();
        Assert.False(process.HasExited);

        _bench.Parts.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Parts.TurnUntil(() => process.HasEnded);

        Assert.Equal(Libc.SIGTERM, process.WaitStatus);
    }

    [Fact]
    public void Who_does_not_end_when_asked_is_killed_five_seconds_later()
    {
        using ExecProcess process = _bench.Start(ExecBench.Shell("trap '' TERM; sleep 1000 & echo ready; wait; wait"), Limited);
        _bench.Parts.TurnUntil(() => process.Output!.Bytes.Count > 0);
        _bench.Parts.Time.Advance(TimeSpan.FromSeconds(10));
        _bench.Parts.Turn();
        Assert.False(process.HasExited);

        _bench.Parts.Time.Advance(TimeSpan.FromSeconds(5));
        _bench.Parts.TurnUntil(() => process.HasEnded);

        Assert.Equal(Libc.SIGKILL, process.WaitStatus);
        Assert.Equal(-1, Libc.Kill(process.ProcessId, 0));
    }

    [Fact]
    public void A_child_that_ignores_the_end_of_time_is_killed_though_its_program_is_gone()
    {
        using ExecProcess process = _bench.Start(ExecBench.Shell("(trap '' TERM; echo ready; sleep 1000; sleep 1000) & wait"), Limited);
        _bench.Parts.TurnUntil(() => process.Output!.Bytes.Count > 0);
        _bench.Parts.Time.Advance(TimeSpan.FromSeconds(10));
        _bench.Parts.TurnUntil(() => process.HasExited);
        Assert.False(process.HasEnded);

        _bench.Parts.Time.Advance(TimeSpan.FromSeconds(5));

        // The child held the output open: it is gone as well.
        _bench.Parts.TurnUntil(() => process.HasEnded);
        Assert.Equal(Libc.SIGTERM, process.WaitStatus);
    }

    [Fact]
    public void A_program_starts_in_the_folder_that_is_named()
    {
        using ExecProcess process = _bench.Run(ExecBench.Program("pwd") with { Folder = _bench.Parts.Folder.FullName });

        Assert.Equal(_bench.Parts.Folder.FullName + "\n", ExecBench.Text(process.Output));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_what_the_host_hears_of() =>
        Assert.Equal(
            "cannot enter '/nonesuch': No such file or directory",
            Assert.Throws<QapiException>(() => _bench.Start(ExecBench.Program("pwd") with { Folder = "/nonesuch" })).Message);

    [Fact]
    public void An_ended_program_is_reaped()
    {
        using ExecProcess process = _bench.Run(ExecBench.Program("true"));

        Assert.Equal(-1, Libc.Kill(process.ProcessId, 0));
    }

    [Fact]
    public void A_host_that_leaves_in_the_middle_of_one_stream_frees_both()
    {
        using ExecProcess process = _bench.Run(ExecBench.Shell("echo out; echo err >&2"));
        ExecOutputSource output = ExecOutputSource.Of(process.Output, following: process.Error)!;

        output.Read(new byte[2]);
        output.Dispose();

        Assert.Equal(0, process.Output!.Bytes.Count);
        Assert.Equal(0, process.Error!.Bytes.Count);
    }

    [Fact]
    public void A_stream_read_to_its_end_leaves_the_other_to_its_turn()
    {
        using ExecProcess process = _bench.Run(ExecBench.Shell("echo out; echo err >&2"));
        ExecOutputSource output = ExecOutputSource.Of(process.Output, following: process.Error)!;

        output.Read(new byte[100]);
        output.Dispose();

        Assert.Equal("err\n", ExecBench.Text(process.Error));
    }
}
