using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guestwire.Fuzz.Search;

/// <summary>Where findings are written: the input, and beside it what it did and how to see it again.</summary>
/// <param name="path">The folder; made when it is needed.</param>
internal sealed class FindingFolder(string path)
{
    /// <summary>The folder.</summary>
    internal string Path { get; } = Directory.CreateDirectory(path).FullName;

    /// <summary>Writes a finding down.</summary>
    /// <returns>The file with the input.</returns>
    internal string Write(string target, byte[] input, Fault fault)
    {
        string file = System.IO.Path.Combine(Path, $"{target}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(file, input);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"target: {target}\nagain:  ./fuzz/run {target} --replay {file}\nfault:  {fault.Text}\n");
        text.Append(CultureInfo.InvariantCulture, $"input ({input.Length} bytes): {Quote(input)}\n");
        File.WriteAllText(file + ".txt", text.ToString());
        return file;
    }

    /// <summary>Bytes as one printable line.</summary>
    internal static string Quote(ReadOnlySpan<byte> input)
    {
        StringBuilder text = new();
        foreach (byte value in input)
        {
            _ = value switch
            {
                (byte)'\\' => text.Append("\\\\"),
                (byte)'\n' => text.Append("\\n"),
                >= 0x20 and < 0x7F => text.Append((char)value),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
            };
        }

        return text.ToString();
    }
}
