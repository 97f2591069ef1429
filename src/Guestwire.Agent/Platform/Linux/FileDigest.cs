using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Reads a part of a file for its checksum.</summary>
[SupportedOSPlatform("linux")]
internal static class FileDigest
{
    private const int PieceBytes = 128 * 1024;

    /// <summary>The checksum of a part of a file.</summary>
    /// <param name="file">The file, open for reading.</param>
    /// <param name="offset">Where to start, in bytes; behind the end there is nothing.</param>
    /// <param name="count">How much to read at most, in bytes.</param>
    /// <param name="tried">What to say was tried, in an error.</param>
    /// <exception cref="QapiException">GenericError: reading failed.</exception>
    internal static GuestwireFileChecksum Read(SafeFileHandle file, long offset, long count, string tried)
    {
        if (offset != 0 && Libc.Seek(file, offset, Libc.SEEK_SET) < 0)
        {
            throw Errno.ToQapi(tried);
        }

        Sha256 hash = new();
        using ByteBuffer room = new();
        long left = count;
        while (left > 0)
        {
            Span<byte> piece = room.GetSpan(PieceBytes)[..(int)Math.Min(left, PieceBytes)];
            int read = Libc.Read(file, piece);
            if (read < 0)
            {
                throw Errno.ToQapi(tried);
            }

            if (read == 0)
            {
                break;
            }

            hash.Append(piece[..read]);
            left -= read;
        }

        Span<byte> bytes = stackalloc byte[Sha256.HashBytes];
        hash.Finish(bytes);
        return new GuestwireFileChecksum { Sha256 = Convert.ToHexStringLower(bytes), SizeBytes = count - left };
    }
}
