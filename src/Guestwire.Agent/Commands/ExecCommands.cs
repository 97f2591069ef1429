using System.Runtime.Versioning;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-exec*: run programs in the guest.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ExecCommands(IProgramStarter starter, ExecTable table, AccessPolicy access, IAgentLog log) : IExecCommands
{
    /// <summary>The contract's limit: as many milliseconds as poll(2) waits.</summary>
    private const long MaxTimeoutSeconds = int.MaxValue / 1000;

    /// <inheritdoc/>
    public GuestExec GuestExec(GuestExecArguments arguments)
    {
        access.RequireProgram(arguments);
        ExecOptions options = OptionsOf(arguments);
        ReadOnlyMemory<byte>? input = arguments.InputData?.Decode();
        GuestExecCaptureOutputMode mode = ModeOf(arguments.CaptureOutput);

        // The program alone: arguments are where secrets stand.
        log.Account($"guest-exec called: \"{arguments.Path}\"");
        ProgramStart start = new(
            arguments.Path,
            arguments.Arg ?? [],
            arguments.Env,
            options.StreamsInput ? input ?? ReadOnlyMemory<byte>.Empty : input,
            CaptureOutput: mode is GuestExecCaptureOutputMode.Stdout or GuestExecCaptureOutputMode.Separated or GuestExecCaptureOutputMode.Merged,
            CaptureError: mode is GuestExecCaptureOutputMode.Stderr or GuestExecCaptureOutputMode.Separated,
            MergeError: mode is GuestExecCaptureOutputMode.Merged)
        {
            Folder = arguments.Cwd is null or ['/', ..] ? arguments.Cwd : throw new QapiException("cwd '" + arguments.Cwd + "' is not an absolute path"),
            User = arguments.User,
        };
        return new GuestExec { Pid = table.Start(() => starter.Start(start), options).ProcessId };
    }

    /// <inheritdoc/>
    public GuestExecStatus GuestExecStatus(GuestExecStatusArguments arguments)
    {
        ExecProcess process = table.Ask(arguments.Pid);
        if (!process.HasEnded)
        {
            return new GuestExecStatus { Exited = false };
        }

        if (process.StreamsOutput)
        {
            // Nobody can ask for it any more.
            process.Dispose();
        }

        // The wait status: the signal in the low seven bits, or else the exit code in the second byte. Source: wait(2).
        int signal = process.WaitStatus & 0x7F;
        ExecOutputSource? output = ExecOutputSource.Of(process.Output, following: process.Error);
        ExecOutputSource? error = ExecOutputSource.Of(process.Error);
        return new GuestExecStatus
        {
            Exited = true,
            Exitcode = signal == 0 ? (process.WaitStatus >> 8) & 0xFF : null,
            Signal = signal == 0 ? null : signal,
            OutData = output,
            ErrData = error,
            OutTruncated = output?.IsTruncated,
            ErrTruncated = error?.IsTruncated,
        };
    }

    private static ExecOptions OptionsOf(in GuestExecArguments arguments)
    {
        if (arguments.Timeout is { } timeout)
        {
            ArgumentRange.Check(timeout, 1, MaxTimeoutSeconds, "timeout");
        }

        return arguments.StreamOutput != true && arguments.StreamInput != true && arguments.Timeout is null
            ? ExecOptions.Plain
            : new ExecOptions(
                StreamsOutput: arguments.StreamOutput == true,
                StreamsInput: arguments.StreamInput == true,
                arguments.Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    private static GuestExecCaptureOutputMode ModeOf(GuestExecCaptureOutput? capture) => capture switch
    {
        GuestExecCaptureOutput.Flag { Content: true } => GuestExecCaptureOutputMode.Separated,
        GuestExecCaptureOutput.Mode mode => mode.Content,
        _ => GuestExecCaptureOutputMode.None,
    };
}
