using System.Buffers;

namespace Guestwire.Cli.Output;

/// <summary>What one of several guests writes: whole lines, each behind the guest's name. The last one gets an end if it has none.</summary>
/// <param name="prefix">What stands before each line.</param>
/// <param name="output">Where the lines go.</param>
/// <param name="turn">Held while a line is written.</param>
internal sealed class PrefixedLines(byte[] prefix, Stream output, Lock turn)
{
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Takes bytes, and writes the lines that they complete.</summary>
    internal void Write(ReadOnlySpan<byte> bytes)
    {
        MemoryStream lines = new();
        while (bytes.IndexOf((byte)'\n') is int end and >= 0)
        {
            lines.Write(prefix);
            lines.Write(_line.WrittenSpan);
            _line.ResetWrittenCount();
            lines.Write(bytes[..(end + 1)]);
            bytes = bytes[(end + 1)..];
        }

        _line.Write(bytes);
        if (lines.Length > 0)
        {
            lock (turn)
            {
                output.Write(lines.GetBuffer(), 0, (int)lines.Length);
            }
        }
    }

    /// <summary>Writes a last line that has no end.</summary>
    internal void Complete()
    {
        if (_line.WrittenCount > 0)
        {
            Write("\n"u8);
        }
    }
}
