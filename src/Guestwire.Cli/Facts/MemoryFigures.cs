using System.Globalization;
using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Facts;

/// <summary>How a guest uses its memory: told by the agent, or read from <c>/proc/meminfo</c> where the agent cannot tell.</summary>
internal static class MemoryFigures
{
    /// <summary>The command that tells.</summary>
    internal const string Command = "__org.guestwire_get-memory";

    private const string File = "/proc/meminfo";
    private const string OpenCommand = "guest-file-open";

    /// <summary>Asks.</summary>
    internal static Task<Answer<GuestwireMemory>> AskAsync(GuestClient guest, GuestQuestions questions, CancellationToken cancellation) =>
        questions.CanAsk(Command) || !questions.CanAsk(OpenCommand)
            ? questions.AskAsync(Command, () => guest.OrgGuestwireGetMemoryAsync(cancellation))
            : questions.AskAsync(OpenCommand, async () => Parse(await GuestTextFile.ReadAsync(guest, File, cancellation).ConfigureAwait(false)));

    /// <summary>Memory that is in use and cannot be had without swapping.</summary>
    internal static long UsedBytes(GuestwireMemory memory) => memory.TotalBytes - memory.AvailableBytes;

    /// <summary>Swap that is in use.</summary>
    internal static long SwapUsedBytes(GuestwireMemory memory) => memory.SwapTotalBytes - memory.SwapFreeBytes;

    /// <summary>Reads lines such as <c>MemTotal:  16316412 kB</c>; what is missing is 0.</summary>
    internal static GuestwireMemory Parse(string text)
    {
        Dictionary<string, long> figures = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string[] words = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (colon > 0 && words.Length > 0 && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                figures[line[..colon]] = number * (words.Length > 1 ? 1024 : 1);
            }
        }

        return new GuestwireMemory
        {
            TotalBytes = figures.GetValueOrDefault("MemTotal"),
            AvailableBytes = figures.GetValueOrDefault("MemAvailable", figures.GetValueOrDefault("MemFree")),
            FreeBytes = figures.GetValueOrDefault("MemFree"),
            BuffersBytes = figures.GetValueOrDefault("Buffers"),
            CachedBytes = figures.GetValueOrDefault("Cached"),
            SwapTotalBytes = figures.GetValueOrDefault("SwapTotal"),
            SwapFreeBytes = figures.GetValueOrDefault("SwapFree"),
        };
    }
}
