using System.Buffers.Text;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// Memory from <c>/proc/meminfo</c>, lines such as <c>MemTotal: 24683620 kB</c>, and the wait for it from <c>/proc/pressure/memory</c>, two lines such as
/// <c>some avg10=0.00 avg60=0.12 avg300=1.50 total=123</c>, the other beginning with <c>full</c>. Source: proc_meminfo(5), Documentation/accounting/psi.rst
/// of the kernel.
/// </summary>
/// <param name="procfs">Where procfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class MemoryUse(string procfs = "/proc") : IMemoryUse
{
    private readonly string _memory = procfs + "/meminfo";
    private readonly string _pressure = procfs + "/pressure/memory";

    /// <inheritdoc/>
    public GuestwireMemory Read()
    {
        using ByteBuffer text = PseudoFile.TryRead(_memory, out int errno) ?? throw Errno.ToQapi($"failed to read '{_memory}'", errno);
        return new GuestwireMemory
        {
            TotalBytes = Bytes(text.Bytes, "MemTotal:"u8) ?? throw new QapiException($"'{_memory}' does not tell the total"),
            AvailableBytes = Bytes(text.Bytes, "MemAvailable:"u8) ?? 0,
            FreeBytes = Bytes(text.Bytes, "MemFree:"u8) ?? 0,
            BuffersBytes = Bytes(text.Bytes, "Buffers:"u8) ?? 0,
            CachedBytes = Bytes(text.Bytes, "Cached:"u8) ?? 0,
            SwapTotalBytes = Bytes(text.Bytes, "SwapTotal:"u8) ?? 0,
            SwapFreeBytes = Bytes(text.Bytes, "SwapFree:"u8) ?? 0,
            Pressure = ReadPressure(),
        };
    }

    private static long? Bytes(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        TextLines lines = new(text);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith(name))
            {
                TextFields fields = new(line[name.Length..]);
                return fields.TryRead(out long kibibytes) ? kibibytes * 1024 : null;
            }
        }

        return null;
    }

    // A kernel without it has no such file, and one that was told not to count says EOPNOTSUPP.
    private GuestwirePressure? ReadPressure()
    {
        Span<byte> room = stackalloc byte[512];
        int count = PseudoFile.TryRead(_pressure, room, out _);
        return count > 0 ? ParsePressure(room[..count]) : null;
    }

    private static GuestwirePressure? ParsePressure(ReadOnlySpan<byte> text)
    {
        TextLines lines = new(text);
        if (!lines.TryRead(out ReadOnlySpan<byte> some) || !some.StartsWith("some "u8))
        {
            return null;
        }

        lines.TryRead(out ReadOnlySpan<byte> full);
        return new GuestwirePressure
        {
            SomeAvg10 = Percent(some, " avg10="u8),
            SomeAvg60 = Percent(some, " avg60="u8),
            SomeAvg300 = Percent(some, " avg300="u8),
            SomeTotalUs = Total(some),
            FullAvg10 = Percent(full, " avg10="u8),
            FullAvg60 = Percent(full, " avg60="u8),
            FullAvg300 = Percent(full, " avg300="u8),
            FullTotalUs = Total(full),
        };
    }

    private static double Percent(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        Utf8Parser.TryParse(Behind(line, name), out double value, out _) ? value : 0;

    private static long Total(ReadOnlySpan<byte> line) => Utf8Parser.TryParse(Behind(line, " total="u8), out long value, out _) ? value : 0;

    private static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        int at = line.IndexOf(name);
        return at < 0 ? default : line[(at + name.Length)..];
    }
}
