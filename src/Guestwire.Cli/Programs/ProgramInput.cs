using System.IO.Pipelines;
using Guestwire.Client;

namespace Guestwire.Cli.Programs;

/// <summary>Gives a program in a guest what our standard input has. While one piece is on its way the next ones are read.</summary>
internal static class ProgramInput
{
    /// <summary>Bytes that are read ahead at most.</summary>
    private const int ReadAhead = 4 * 1024 * 1024;

    /// <summary>Bytes read at once: what a pipe holds.</summary>
    private const int ReadBytes = 64 * 1024;

    /// <summary>Copies all of it, or as much as the program wants.</summary>
    /// <exception cref="IOException">The agent takes no more.</exception>
    internal static async Task FeedAsync(Stream input, GuestProcess process, CancellationToken cancellation)
    {
        Pipe pipe = new(new PipeOptions(
            pauseWriterThreshold: ReadAhead, resumeWriterThreshold: ReadAhead / 2, minimumSegmentSize: ReadBytes, useSynchronizationContext: false));

        // Reading a terminal or a pipe blocks and cannot be ended; whoever is done does not wait for it.
        _ = Task.Run(() => FillAsync(input, pipe.Writer, cancellation), CancellationToken.None);
        while (true)
        {
            ReadResult read = await pipe.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                if (!await process.WriteInputAsync(piece, cancellation).ConfigureAwait(false))
                {
                    return;
                }
            }

            pipe.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                await process.CompleteInputAsync(cancellation).ConfigureAwait(false);
                return;
            }
        }
    }

    private static async Task FillAsync(Stream input, PipeWriter writer, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                Memory<byte> room = writer.GetMemory(ReadBytes);
                int count = await input.ReadAsync(room, cancellation).ConfigureAwait(false);
                writer.Advance(count);
                if (count == 0 || (await writer.FlushAsync(cancellation).ConfigureAwait(false)).IsCompleted)
                {
                    break;
                }
            }

            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await writer.CompleteAsync(exception).ConfigureAwait(false);
        }
    }
}
