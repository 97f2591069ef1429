using System.Runtime.Versioning;
using System.Text;
using System.Text.Unicode;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>A part of a directory: as many entries as a reply shall have, from the position where the part before it ended.</summary>
[SupportedOSPlatform("linux")]
internal static class DirectoryPage
{
    /// <summary>About as long as a reply may get, in bytes. Our own limit.</summary>
    private const int MaxReplyBytes = 2 * 1024 * 1024;

    /// <summary>What a reply says of an entry besides its names, in bytes, at most.</summary>
    private const int BytesPerEntry = 512;

    private const int BlockBytes = 32 * 1024;

    /// <summary>Reads a part.</summary>
    /// <param name="directory">The directory, open for reading.</param>
    /// <param name="cursor">Where to start; 0 for the start.</param>
    /// <param name="limit">How many names to take at most.</param>
    /// <param name="tried">What to say was tried, in an error.</param>
    /// <exception cref="QapiException">GenericError: there is no such place in it, or it could not be read.</exception>
    internal static GuestwireDirectoryList Read(SafeFileHandle directory, long cursor, int limit, string tried)
    {
        if (cursor != 0 && Libc.Seek(directory, cursor, Libc.SEEK_SET) < 0)
        {
            throw Errno.ToQapi(tried + ": cannot go on from the cursor");
        }

        using ByteBuffer room = new();
        DirectoryBlock block = new(directory, room.GetSpan(BlockBytes)[..BlockBytes]);
        AccountNames names = new();
        List<GuestwireDirectoryEntry> entries = [];
        int undecodable = 0;
        long replyBytes = 0;
        long position = cursor;
        int errno;
        while (block.TryRead(out ReadOnlySpan<byte> name, out long next, out errno))
        {
            if (entries.Count + undecodable == limit || replyBytes >= MaxReplyBytes)
            {
                return new GuestwireDirectoryList { Entries = entries, Undecodable = undecodable, Cursor = position };
            }

            position = next;
            if (!Utf8.IsValid(name[..^1]))
            {
                undecodable++;
            }
            else if (TryDescribe(directory, name, names) is { } entry)
            {
                replyBytes += BytesPerEntry + ReplyBytesOf(entry.Name) + ReplyBytesOf(entry.Status.Target ?? "");
                entries.Add(entry);
            }
        }

        return errno == 0 ? new GuestwireDirectoryList { Entries = entries, Undecodable = undecodable } : throw Errno.ToQapi(tried, errno);
    }

    // One that is gone by now is none. One that the filesystem does not want to describe is there all the same.
    private static GuestwireDirectoryEntry? TryDescribe(SafeFileHandle directory, ReadOnlySpan<byte> name, AccountNames names)
    {
        GuestwireFileStatus? status = FileDescription.TryDescribe(directory, name, names);
        return status is null && Errno.Last == Errno.ENOENT
            ? null
            : new GuestwireDirectoryEntry { Name = Encoding.UTF8.GetString(name[..^1]), Status = status ?? FileDescription.Unknown() };
    }

    // What is not plain takes six bytes for each unit.
    private static int ReplyBytesOf(string text) => Ascii.IsValid(text) ? text.Length : 6 * text.Length;
}
