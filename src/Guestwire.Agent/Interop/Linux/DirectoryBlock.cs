using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>
/// Reads an open directory with getdents64(2), a block of entries at a time: inode of 8 bytes, position of the next entry of 8, length of the whole entry
/// of 2, type of 1, the name with a zero at its end. Unlike readdir(3) it tells positions, from which another request can go on.
/// </summary>
/// <param name="directory">The directory.</param>
/// <param name="room">Gets the blocks.</param>
[SupportedOSPlatform("linux")]
internal ref struct DirectoryBlock(SafeFileHandle directory, Span<byte> room)
{
    private const int PositionOffset = 8;
    private const int LengthOffset = 16;
    private const int NameOffset = 19;

    private readonly Span<byte> _room = room;
    private int _at;
    private int _end;

    /// <summary>Takes the next entry that is neither <c>.</c> nor <c>..</c>.</summary>
    /// <param name="name">The name, with the zero at its end; valid until the next call.</param>
    /// <param name="position">Where the entry behind it begins: for <see cref="Libc.Seek"/>.</param>
    /// <param name="errno">Why the directory could not be read; 0 when it could.</param>
    /// <returns>False at the end, or when it could not be read.</returns>
    internal bool TryRead(out ReadOnlySpan<byte> name, out long position, out int errno)
    {
        errno = 0;
        while (true)
        {
            if (_at == _end)
            {
                nint count = Libc.ReadDirectory(directory, _room, (nuint)_room.Length);
                if (count <= 0)
                {
                    errno = count < 0 ? Errno.Last : 0;
                    name = default;
                    position = 0;
                    return false;
                }

                _at = 0;
                _end = (int)count;
            }

            ReadOnlySpan<byte> entry = _room[_at.._end];
            position = MemoryMarshal.Read<long>(entry[PositionOffset..]);
            int length = MemoryMarshal.Read<ushort>(entry[LengthOffset..]);
            _at += length;
            name = entry[NameOffset..length];
            name = name[..(name.IndexOf((byte)0) + 1)];
            if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
            {
                return true;
            }
        }
    }
}
