using Guestwire.Agent.Commands;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests.State;

public sealed class ExecProcessTests : IDisposable
{
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
        _bench.Parts.TurnUntil(() => Libc.Kill(process.ProcessId, 0) < 0);

        Assert.False(process.HasEnded);
        using (FileStream writer = new(pipe, FileMode.Open, FileAccess.Write))
        {
            writer.Write("more"u8);
        }

        _bench.Parts.TurnUntil(() => process.HasEnded);
        Assert.Equal("started\nmore", ExecBench.Text(process.Output));
    }

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
