using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Guestwire.Protocol.Json;

/// <summary>
/// A string argument that carries base64, decoded where it lies: in the frame that brought it. Hot path.
/// </summary>
/// <remarks>
/// What counts as base64 is what the reference takes: the standard alphabet, <c>=</c> and line feeds, nothing else. Line feeds
/// are passed over; a last group of fewer than four characters is dropped; <c>=</c> may stand inside, where it ends its
/// group of four. Decoding overwrites the text, so it can be done once.
/// </remarks>
public readonly struct Base64Text
{
    /// <summary>Bytes decoded at once: small enough for the stack and the first cache, a multiple of three.</summary>
    private const int BlockBytes = 12 * 1024;

    private static readonly SearchValues<byte> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n"u8);

    private readonly Memory<byte> _content;

    internal Base64Text(Memory<byte> content) => _content = content;

    /// <summary>The decoded bytes, in the frame's own memory; valid as long as the frame.</summary>
    /// <exception cref="QapiException">GenericError: a character that base64 does not have.</exception>
    public Memory<byte> Decode()
    {
        Span<byte> text = _content.Span;
        int read = 0;
        int written = 0;
        DecodeBlocks(text, ref read, ref written);
        if (read < text.Length)
        {
            text = text[..(read + Clean(text[read..]))];
            DecodeBlocks(text, ref read, ref written);
            DecodeLoosely(text[read..], text, ref written);
        }

        return _content[..written];
    }

    /// <summary>
    /// Decodes block by block through a buffer on the stack: the vectorized decoder wants its output apart from its input. Stops before a block that
    /// holds anything but groups of four of the alphabet, the last of all padded.
    /// </summary>
    [SkipLocalsInit]
    private static void DecodeBlocks(Span<byte> text, ref int read, ref int written)
    {
        Span<byte> block = stackalloc byte[BlockBytes];
        int most = 0;
        while (read < text.Length)
        {
            Span<byte> part = text[read..Math.Min(text.Length, read + (BlockBytes / 3 * 4))];
            bool isLast = read + part.Length == text.Length;
            OperationStatus status = Base64.DecodeFromUtf8(part, block, out int used, out int decoded, isLast);
            most = Math.Max(most, decoded);

            // The decoder passes over more kinds of space than the reference does; then there are fewer groups than their characters would make.
            if (status != OperationStatus.Done || used != part.Length || used != (decoded + 2) / 3 * 4)
            {
                break;
            }

            block[..decoded].CopyTo(text[written..]);
            read += used;
            written += decoded;
        }

        // It may be a secret, and would stay on the stack for as long as nothing else is written there.
        block[..most].Clear();
    }

    /// <summary>Resolves escapes and drops line feeds, in place.</summary>
    /// <returns>The length of what is left.</returns>
    private static int Clean(Span<byte> text)
    {
        if (text.Contains((byte)'\\'))
        {
            text = text[..JsonText.Decode(text, text)];
        }

        if (text.ContainsAnyExcept(Allowed))
        {
            throw new QapiException("Base64 data contains invalid characters");
        }

        int kept = text.IndexOf((byte)'\n');
        if (kept < 0)
        {
            return text.Length;
        }

        // Without a branch: lines may be of any length.
        for (int i = kept; i < text.Length; i++)
        {
            byte character = text[i];
            text[kept] = character;
            kept += character == (byte)'\n' ? 0 : 1;
        }

        return kept;
    }

    /// <summary>Overwrites the text and what it was decoded to with zeros, for a secret that is used. The frame cannot be read again.</summary>
    public void Wipe() => _content.Span.Clear();

    /// <summary>Characters one by one, for text that no encoder makes.</summary>
    private static void DecodeLoosely(ReadOnlySpan<byte> characters, Span<byte> destination, ref int written)
    {
        int held = 0;
        uint group = 0;
        byte third = 0;
        foreach (byte character in characters)
        {
            group = (group << 6) | Sextet(character);
            held++;
            if (held == 3)
            {
                third = character;
            }

            if (held == 4)
            {
                destination[written++] = (byte)(group >> 16);
                if (third != (byte)'=')
                {
                    destination[written++] = (byte)(group >> 8);
                    if (character != (byte)'=')
                    {
                        destination[written++] = (byte)group;
                    }
                }

                held = 0;
                group = 0;
            }
        }
    }

    private static uint Sextet(byte character) => character switch
    {
        >= (byte)'A' and <= (byte)'Z' => (uint)(character - 'A'),
        >= (byte)'a' and <= (byte)'z' => (uint)(character - 'a' + 26),
        >= (byte)'0' and <= (byte)'9' => (uint)(character - '0' + 52),
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => 0,
    };
}
