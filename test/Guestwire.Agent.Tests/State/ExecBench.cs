using System.Text;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests.State;

/// <summary>Starts real programs and turns the loop until they are over.</summary>
internal sealed class ExecBench : IDisposable
{
    private readonly LinuxProgramStarter _starter = new();

    internal AgentParts Parts { get; } = new();

    /// <summary>A start that captures both streams.</summary>
    internal static ProgramStart Program(string path, params string[] arguments) =>
        new(path, arguments, null, null, CaptureOutput: true, CaptureError: true, MergeError: false);

    /// <summary>A shell's command line, both streams captured.</summary>
    internal static ProgramStart Shell(string commandLine) => Program("/bin/sh", "-c", commandLine);

    /// <summary>What was captured, as text.</summary>
    internal static string Text(ExecOutput? output) => Encoding.UTF8.GetString(output!.Bytes.Bytes);

    internal ExecProcess Start(ProgramStart start, ExecOptions? options = null)
    {
        ExecProcess process = new(Parts.Loop, _starter.Start(start), new CaptureBudget(long.MaxValue, () => false), options);
        process.Watch();
        return process;
    }

    /// <summary>Starts a program and leaves it to a table.</summary>
    internal ExecProcess StartIn(ExecTable table, ProgramStart start, ExecOptions? options = null) =>
        table.Start(() => _starter.Start(start), options);

    /// <summary>Starts a program, leaves it to a table and waits for its end.</summary>
    internal ExecProcess RunIn(ExecTable table, ProgramStart start)
    {
        ExecProcess process = StartIn(table, start);
        Parts.TurnUntil(() => process.HasEnded);
        return process;
    }

    /// <summary>Starts a program and waits for its end.</summary>
    internal ExecProcess Run(ProgramStart start)
    {
        ExecProcess process = Start(start);
        Parts.TurnUntil(() => process.HasEnded);
        return process;
    }

    /// <inheritdoc/>
    public void Dispose() => Parts.Dispose();
}
