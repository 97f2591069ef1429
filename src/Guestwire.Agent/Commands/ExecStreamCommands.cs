using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>__org.guestwire_exec-*: programs that stream, and signals to them.</summary>
/// <param name="table">The programs.</param>
[SupportedOSPlatform("linux")]
internal sealed class ExecStreamCommands(ExecTable table)
{
    private const long MaxWait = 10_000;
    private const long MaxSignal = 64;

    // What a reply says besides bytes: each is news once.
    private const int Exited = 1;
    private const int OutEnded = 2;
    private const int ErrEnded = 4;

    /// <summary>Reads on in the output of a program.</summary>
    internal GuestwireExecOutput Read(in OrgGuestwireExecReadArguments arguments)
    {
        int count = (int)ArgumentRange.Check(arguments.Count ?? ExecStream.MaxUnread, 1, ExecStream.MaxUnread, "count");
        int wait = (int)ArgumentRange.Check(arguments.Wait ?? 0, 0, MaxWait, "wait");
        ExecProcess process = table.Find(arguments.Pid);
        if (!process.StreamsOutput)
        {
            throw new QapiException($"PID {Decimal(arguments.Pid)} was started without stream-output");
        }

        ByteBuffer output = new();
        ByteBuffer error = new();
        try
        {
            (long? outCursor, long? errCursor) = (arguments.OutCursor, arguments.ErrCursor);
            (long Out, long Err, int State) found = default;
            process.News!.WaitUntil(
                () => (found = Look()).State != process.Told || output.Count + error.Count > 0 || found.State == (Exited | OutEnded | ErrEnded),
                wait);
            process.Told = found.State;
            return Reply(process, output, error, found);

            (long Out, long Err, int State) Look()
            {
                // The end first: what it wrote before that is there by then, or still to come.
                int state = process.HasExited ? Exited : 0;
                long outNext = Take(process.OutputStream, outCursor, count, output, "out-cursor", out bool outEnded);
                long errNext = Take(process.ErrorStream, errCursor, count, error, "err-cursor", out bool errEnded);
                return (outNext, errNext, state | (outEnded ? OutEnded : 0) | (errEnded ? ErrEnded : 0));
            }
        }
        catch
        {
            ((IDisposable)output).Dispose();
            ((IDisposable)error).Dispose();
            throw;
        }
    }

    /// <summary>Brings a program more input.</summary>
    internal GuestwireExecInput Write(in OrgGuestwireExecWriteArguments arguments)
    {
        int wait = (int)ArgumentRange.Check(arguments.Wait ?? 0, 0, MaxWait, "wait");
        ExecProcess process = table.Find(arguments.Pid);
        if (!process.StreamsInput)
        {
            throw new QapiException($"PID {Decimal(arguments.Pid)} was started without stream-input");
        }

        Memory<byte> bytes = arguments.BufB64.Decode();
        bool end = arguments.End == true;

        // From now on it is known where they belong: what comes meanwhile from elsewhere must not move them.
        ExecInput input = process.Input!;
        long cursor = arguments.Cursor ?? input.Taken;
        long before = input.Taken;
        (long Taken, bool IsOpen) found = default;
        process.News!.WaitUntil(
            () =>
            {
                if (!input.TryWrite(cursor, bytes.Span, end, out long taken, out bool isOpen))
                {
                    throw new QapiException($"value '{Decimal(cursor)}' is invalid for argument cursor: the agent has {Decimal(taken)} bytes");
                }

                found = (taken, isOpen);
                return !isOpen || taken > before || taken - cursor >= bytes.Length;
            },
            wait);
        return new GuestwireExecInput { Cursor = found.Taken, Open = found.IsOpen };
    }

    /// <summary>Sends a signal to a program and its group.</summary>
    internal void Signal(in OrgGuestwireExecSignalArguments arguments)
    {
        int signal = (int)ArgumentRange.Check(arguments.Signal, 1, MaxSignal, "signal");
        table.Find(arguments.Pid).Signal(signal);
    }

    private static long Take(ExecStream? stream, long? cursor, int count, ByteBuffer bytes, string name, out bool ended)
    {
        if (stream is null)
        {
            // What is not captured is a stream of nothing.
            ended = true;
            return cursor is null or 0 ? 0 : throw ArgumentRange.Error(cursor.Value, name);
        }

        return stream.TryRead(cursor, count, bytes, out long next, out ended) ? next : throw ArgumentRange.Error(next, name);
    }

    private static GuestwireExecOutput Reply(ExecProcess process, ByteBuffer output, ByteBuffer error, (long Out, long Err, int State) found)
    {
        bool exited = (found.State & Exited) != 0;
        int signal = process.WaitStatus & 0x7F;
        StreamedBytes? following = StreamedBytes.Of(error);
        return new GuestwireExecOutput
        {
            OutData = StreamedBytes.Of(output, following),
            ErrData = following,
            OutCursor = found.Out,
            ErrCursor = found.Err,
            OutEnded = (found.State & OutEnded) != 0,
            ErrEnded = (found.State & ErrEnded) != 0,
            Exited = exited,
            Exitcode = exited && signal == 0 ? (process.WaitStatus >> 8) & 0xFF : null,
            Signal = exited && signal != 0 ? signal : null,
        };
    }

    private static string Decimal(long number) => number.ToString(CultureInfo.InvariantCulture);
}
