using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Guestwire.Agent;

/// <summary>
/// SHA-256 of bytes that come piece by piece. The message is padded with a bit 1, zeros and its length in bits (64 bits, big-endian) to
/// blocks of 64 bytes; each block is sixteen big-endian words, stretched to 64, and mixed into eight words in 64 rounds. Source: FIPS 180-4.
/// </summary>
/// <remarks>Our own, since the runtime's would load OpenSSL: megabytes of memory, and a dependency. Rounds are written out eight at a time, so that no word moves.</remarks>
internal sealed class Sha256
{
    /// <summary>Bytes of a checksum.</summary>
    internal const int HashBytes = 32;

    private const int BlockBytes = 64;
    private const int Rounds = 64;

    private readonly uint[] _state =
        [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19];

    private readonly byte[] _rest = new byte[BlockBytes];
    private ulong _length;

    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static ReadOnlySpan<uint> Constants =>
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ];

    /// <summary>Takes the next bytes.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        int held = (int)(_length % BlockBytes);
        _length += (ulong)bytes.Length;
        if (held > 0)
        {
            int fits = Math.Min(BlockBytes - held, bytes.Length);
            bytes[..fits].CopyTo(_rest.AsSpan(held));
            bytes = bytes[fits..];
            if (held + fits < BlockBytes)
            {
                return;
            }

            Mix(_rest);
        }

        int whole = bytes.Length / BlockBytes * BlockBytes;
        Mix(bytes[..whole]);
        bytes[whole..].CopyTo(_rest);
    }

    /// <summary>Ends the message. Nothing may be appended after that.</summary>
    /// <param name="hash">Gets <see cref="HashBytes"/> bytes.</param>
    internal void Finish(Span<byte> hash)
    {
        ulong bits = _length * 8;
        Span<byte> padding = stackalloc byte[2 * BlockBytes];
        padding.Clear();
        padding[0] = 0x80;

        // At least the one bit, and up to eight bytes before the end of a block.
        int length = (int)((BlockBytes + BlockBytes - 9 - (_length % BlockBytes)) % BlockBytes) + 1;
        BinaryPrimitives.WriteUInt64BigEndian(padding[length..], bits);
        Append(padding[..(length + 8)]);
        for (int i = 0; i < _state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash[(4 * i)..], _state[i]);
        }
    }

    [SkipLocalsInit]
    private void Mix(ReadOnlySpan<byte> blocks)
    {
        Span<uint> words = stackalloc uint[Rounds];
        Span<uint> state = _state;
        for (; blocks.Length >= BlockBytes; blocks = blocks[BlockBytes..])
        {
            Stretch(blocks, words);
            uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];

            // Unsafe: the span has as many words as there are rounds, and no check of that costs a tenth of the time.
            ref uint word = ref MemoryMarshal.GetReference(words);
            for (int i = 0; i < Rounds; i += 8)
            {
                // Each call does a round; instead of moving the eight words on, the next one is called with them in the next order.
                Round(a, b, c, ref d, e, f, g, ref h, Unsafe.Add(ref word, i));
                Round(h, a, b, ref c, d, e, f, ref g, Unsafe.Add(ref word, i + 1));
                Round(g, h, a, ref b, c, d, e, ref f, Unsafe.Add(ref word, i + 2));
                Round(f, g, h, ref a, b, c, d, ref e, Unsafe.Add(ref word, i + 3));
                Round(e, f, g, ref h, a, b, c, ref d, Unsafe.Add(ref word, i + 4));
                Round(d, e, f, ref g, h, a, b, ref c, Unsafe.Add(ref word, i + 5));
                Round(c, d, e, ref f, g, h, a, ref b, Unsafe.Add(ref word, i + 6));
                Round(b, c, d, ref e, f, g, h, ref a, Unsafe.Add(ref word, i + 7));
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
        }
    }

    /// <summary>The words of a block, each with its round's constant added.</summary>
    private static void Stretch(ReadOnlySpan<byte> block, Span<uint> words)
    {
        words = words[..Rounds];
        for (int i = 0; i < 16; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        for (int i = 16; i < Rounds; i++)
        {
            uint near = words[i - 2];
            uint far = words[i - 15];
            words[i] = words[i - 16] + words[i - 7]
                + (BitOperations.RotateRight(far, 7) ^ BitOperations.RotateRight(far, 18) ^ (far >> 3))
                + (BitOperations.RotateRight(near, 17) ^ BitOperations.RotateRight(near, 19) ^ (near >> 10));
        }

        ReadOnlySpan<uint> constants = Constants;
        for (int i = 0; i < Rounds; i++)
        {
            words[i] += constants[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint word)
    {
        uint first = h + word
            + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
            + (g ^ (e & (f ^ g)));
        uint second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22))
            + ((a & b) | (c & (a | b)));
        d += first;
        h = first + second;
    }
}
