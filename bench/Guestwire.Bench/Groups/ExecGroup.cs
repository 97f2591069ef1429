using System.Globalization;

namespace Guestwire.Bench.Groups;

/// <summary>Programs that a host runs in the guest: from guest-exec until guest-exec-status, asked without a pause, says that it has ended.</summary>
internal sealed class ExecGroup : IGroup
{
    private const int OutputBytes = 4 << 20;
    private const string LimitSpawns = "500";

    private static readonly Row Cycles = new("exec of /bin/true", "/s", 0, Promise.AtLeastTimes(1.2));
    private static readonly Row Processor = new("processor time of one", "µs", 0);
    private static readonly Row Output = new("exec with 4 MiB of output", "MB/s", 1);
    private static readonly Row OutputProcessor = new("processor time of one with output", "µs", 0);
    private static readonly Row OutputPeak = new("peak memory of these", "MB", 2);

    private static readonly byte[] True = Requests.Exec("/bin/true", "", captureOutput: false);

    private static readonly byte[] Zeroes = Requests.Exec(
        "head", $"\"-c\",\"{OutputBytes.ToString(CultureInfo.InvariantCulture)}\",\"/dev/zero\"", captureOutput: true);

    /// <inheritdoc/>
    public string Name => "exec";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows => [Cycles, Processor, Output, OutputProcessor, OutputPeak];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        if (!turn.Target.IsAgent)
        {
            turn.Add(Cycles, MeasureBareLoop(turn.Target.Program!));
            return;
        }

        using Server server = turn.Start();
        CheckOutput(turn.Target, RunToEnd(server.Connection, Zeroes));
        Repetition cycles = Repetition.Run(server, TimeSpan.FromSeconds(0.7), least: 20, () => RunToEnd(server.Connection, True));
        Repetition outputs = Repetition.Run(server, TimeSpan.FromSeconds(0.5), least: 3, () => RunToEnd(server.Connection, Zeroes));
        turn.Add(Cycles, cycles.Rate);
        turn.Add(Output, outputs.Rate * OutputBytes / 1e6);
        if (server.Process is not null)
        {
            turn.Add(Processor, cycles.ProcessorMicroseconds);
            turn.Add(OutputProcessor, outputs.ProcessorMicroseconds);
            turn.Add(OutputPeak, server.Process.ReadPeakMemory() / 1e6);
        }
    }

    // The last reply of guest-exec-status.
    private static ReadOnlySpan<byte> RunToEnd(Connection connection, byte[] exec)
    {
        byte[] status = Requests.ExecStatus(Requests.ReadNumber(connection.Ask(exec)));
        while (true)
        {
            // What a program has printed stands after it, however long that is.
            ReadOnlySpan<byte> reply = connection.Ask(status);
            if (reply.Length > 300 || reply.IndexOf("\"exited\": true"u8) >= 0)
            {
                return reply;
            }
        }
    }

    private static void CheckOutput(Target target, ReadOnlySpan<byte> reply)
    {
        byte[] output = Requests.ReadBytes(reply, "\"out-data\": \""u8);
        if (output.Length != OutputBytes || output.AsSpan().ContainsAnyExcept((byte)0))
        {
            throw new BenchException($"{target.Name}: guest-exec gave other output than the program has printed");
        }
    }

    // The same without an agent.
    private static double MeasureBareLoop(string program)
    {
        string output = Path.GetTempFileName();
        try
        {
            using ServerProcess loop = ServerProcess.Start([program, "--spawn", LimitSpawns], output, "/dev/null");
            loop.WaitForEnd();
            Interruption.ThrowIfAsked();
            return double.Parse(File.ReadAllText(output), CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(output);
        }
    }
}
