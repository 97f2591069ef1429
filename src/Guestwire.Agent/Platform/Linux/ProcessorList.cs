using System.Buffers.Text;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// A list of processors as <c>/sys/devices/system/cpu/online</c> has it: numbers and ranges parted by commas, <c>0-3,8</c>, and a line
/// feed; empty when there is none. Source: Documentation/admin-guide/cputopology.rst of the kernel.
/// </summary>
internal sealed class ProcessorList
{
    private readonly List<(long First, long Last)> _ranges = [];

    private ProcessorList()
    {
    }

    /// <summary>Reads a list.</summary>
    /// <returns>Null when it is none.</returns>
    internal static ProcessorList? TryParse(ReadOnlySpan<byte> text)
    {
        ProcessorList list = new();
        ReadOnlySpan<byte> rest = text.TrimEnd("\n"u8);
        while (!rest.IsEmpty)
        {
            int comma = rest.IndexOf((byte)',');
            if (!TryParseRange(comma < 0 ? rest : rest[..comma], out long first, out long last) || comma == rest.Length - 1)
            {
                return null;
            }

            list._ranges.Add((first, last));
            rest = comma < 0 ? default : rest[(comma + 1)..];
        }

        return list;
    }

    /// <summary>Whether a processor is on the list. Linear in the ranges; a guest has one or two.</summary>
    internal bool Contains(long number)
    {
        foreach ((long first, long last) in _ranges)
        {
            if (number >= first && number <= last)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryParseRange(ReadOnlySpan<byte> text, out long first, out long last)
    {
        int dash = text.IndexOf((byte)'-');
        last = 0;
        return dash < 0
            ? TryParse(text, out first) && TryParse(text, out last)
            : TryParse(text[..dash], out first) && TryParse(text[(dash + 1)..], out last);
    }

    private static bool TryParse(ReadOnlySpan<byte> digits, out long number) =>
        Utf8Parser.TryParse(digits, out number, out int length) && length == digits.Length && number >= 0;
}
