using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Guestwire.Client.Files;
using Guestwire.Client.Interop;
using Guestwire.Client.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Client.Copying;

/// <summary>The host's files. Its calls are the system's own, which do not wait for anybody but a disk.</summary>
[SupportedOSPlatform("linux")]
internal sealed class HostSide : CopySide
{
    private const int BlockBytes = 512;
    private const uint DirectoryMode = 0x1C0;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <inheritdoc/>
    internal override int MaxParallel => int.MaxValue;

    /// <inheritdoc/>
    internal override long ChecksumBytes => long.MaxValue;

    /// <inheritdoc/>
    internal override Task<GuestwireFileStatus?> StatAsync(string path, bool follow, CancellationToken cancellation) => Task.FromResult(Stat(path, follow));

    /// <inheritdoc/>
    internal override Task<bool> IsOwnAsync(string path, GuestwireFileStatus status) => Task.FromResult(status.UserId == Libc.EffectiveUser());

    /// <inheritdoc/>
    internal override Task<FolderListing> ListAsync(string path, CancellationToken cancellation)
    {
        List<GuestwireDirectoryEntry> entries = [];
        long undecodable = 0;
        foreach (string file in Directory.EnumerateFileSystemEntries(path))
        {
            // What is not UTF-8 has lost its name on the way here. What is gone has gone meanwhile.
            if (Stat(file, follow: false) is { } status)
            {
                entries.Add(new GuestwireDirectoryEntry { Name = Path.GetFileName(file), Status = status });
            }
            else if (file.Contains('\uFFFD', StringComparison.Ordinal))
            {
                undecodable++;
            }
        }

        return Task.FromResult(new FolderListing(entries, undecodable));
    }

    /// <inheritdoc/>
    internal override Task<FileChunk?> ReadSmallAsync(string path, int sizeBytes)
    {
        using SafeFileHandle file = OpenToRead(path);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(sizeBytes + 1);
        int count = 0;
        int read;
        while (count <= sizeBytes && (read = RandomAccess.Read(file, buffer.AsSpan(count, sizeBytes + 1 - count), count)) > 0)
        {
            count += read;
        }

        FileChunk chunk = new(buffer, count, IsLast: true);
        if (count <= sizeBytes)
        {
            return Task.FromResult<FileChunk?>(chunk);
        }

        chunk.Return();
        return Task.FromResult<FileChunk?>(null);
    }

    /// <inheritdoc/>
    internal override Task WriteSmallAsync(string path, ReadOnlyMemory<byte> content)
    {
        using FileStream file = OpenToWrite(path, isNew: true);
        RandomAccess.Write(file.SafeFileHandle, content.Span, 0);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    internal override Task<CopySource> OpenAsync(string path, long position) =>
        Task.FromResult<CopySource>(new HostSource(OpenToRead(path), position));

    /// <inheritdoc/>
    internal override Task<CopyTarget> CreateAsync(string path, long position) =>
        Task.FromResult<CopyTarget>(new HostTarget(OpenToWrite(path, isNew: position == 0), position));

    /// <inheritdoc/>
    internal override Task<GuestwireFileChecksum> ChecksumAsync(string path, long offset, long count, CancellationToken cancellation) =>
        Task.Run(() => Checksum(path, offset, count, cancellation), cancellation);

    /// <inheritdoc/>
    internal override Task MakeDirectoryAsync(string path)
    {
        if (FileCalls.Mkdir(path, DirectoryMode) != 0
            && !(Marshal.GetLastPInvokeError() == FileCalls.EEXIST && Directory.Exists(path)))
        {
            throw Failure($"cannot make the directory {path}");
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    internal override Task LinkAsync(string path, string target)
    {
        File.Delete(path);
        Check(FileCalls.Symlink(target, path), $"cannot make the link {path}");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    internal override Task RemoveAsync(string path)
    {
        File.Delete(path);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    internal override Task PlaceAsync(string path, string to, GuestFileAttributes attributes)
    {
        SetAttributes(path, attributes);
        Check(FileCalls.Rename(path, to), $"cannot rename {path} to {to}");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    internal override Task SetManyAttributesAsync(IReadOnlyList<(string Path, GuestFileAttributes Attributes)> changes)
    {
        foreach ((string path, GuestFileAttributes attributes) in changes)
        {
            SetAttributes(path, attributes);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    internal override Task ProveAliveAsync() => Task.CompletedTask;

    /// <summary>Reads a part of an open file and returns its checksum.</summary>
    internal static GuestwireFileChecksum Checksum(string path, long offset, long count, CancellationToken cancellation)
    {
        using SafeFileHandle file = OpenToRead(path);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSizes.Largest);
        long done = 0;
        while (done < count)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - done)), offset + done);
            if (read == 0)
            {
                break;
            }

            hash.AppendData(buffer, 0, read);
            done += read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return new GuestwireFileChecksum { Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()), SizeBytes = done };
    }

    private static GuestwireFileStatus? Stat(string path, bool follow)
    {
        int flags = follow ? 0 : FileCalls.AT_SYMLINK_NOFOLLOW;
        if (FileCalls.Statx(FileCalls.AT_FDCWD, path, flags, FileCalls.STATX_BASIC_STATS, out FileCalls.FileStatus status) != 0)
        {
            return Marshal.GetLastPInvokeError() == FileCalls.ENOENT ? null : throw Failure($"cannot look at {path}");
        }

        GuestwireFileType type = FileModes.TypeOf(status.Mode);
        return new GuestwireFileStatus
        {
            Type = type,
            Mode = status.Mode & FileModes.Permissions,
            UserId = status.User,
            GroupId = status.Group,
            SizeBytes = status.SizeBytes,
            AllocatedBytes = status.Blocks * BlockBytes,
            ModifiedNs = status.Modified.Total,
            AccessedNs = status.Accessed.Total,
            ChangedNs = status.Changed.Total,
            Links = status.Links,
            Device = ((ulong)status.DeviceMajor << 32) | status.DeviceMinor,
            Inode = status.Inode,
            Target = type == GuestwireFileType.Symlink ? new FileInfo(path).LinkTarget : null,
        };
    }

    private static void SetAttributes(string path, GuestFileAttributes attributes)
    {
        if (attributes.User is { } user && attributes.Group is { } group)
        {
            // Numbers: names mean others on another machine, or nobody.
            Check(FileCalls.Lchown(path, Number(user), Number(group)), $"cannot change the owner of {path}");
        }

        if (attributes.SizeBytes is { } sizeBytes)
        {
            Check(FileCalls.Truncate(path, sizeBytes), $"cannot change the length of {path}");
        }

        if (attributes.Mode is { } mode)
        {
            Check(FileCalls.Chmod(path, (uint)mode), $"cannot change the mode of {path}");
        }

        ReadOnlySpan<FileCalls.TimeSpecification> times =
            [FileCalls.TimeSpecification.Of(attributes.AccessedNs), FileCalls.TimeSpecification.Of(attributes.ModifiedNs)];
        int flags = attributes.Follow ? 0 : FileCalls.AT_SYMLINK_NOFOLLOW;
        Check(FileCalls.Utimensat(FileCalls.AT_FDCWD, path, times, flags), $"cannot change the times of {path}");
    }

    private static SafeFileHandle OpenToRead(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);

    /// <summary>Opens a file for its owner alone. A new one is never one that somebody else has put there.</summary>
    private static FileStream OpenToWrite(string path, bool isNew)
    {
        if (isNew)
        {
            File.Delete(path);
        }

        FileStreamOptions options = new()
        {
            Mode = isNew ? FileMode.CreateNew : FileMode.Open,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (isNew)
        {
            options.UnixCreateMode = Private;
        }

        return new FileStream(path, options);
    }

    private static void Check(int result, string what)
    {
        if (result != 0)
        {
            throw Failure(what);
        }
    }

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    private static IOException Failure(string what) => new($"{what}: {Marshal.GetLastPInvokeErrorMessage()}");

    private sealed class HostSource(SafeFileHandle file, long position) : CopySource
    {
        /// <inheritdoc/>
        internal override ValueTask<int> ReadAsync(Memory<byte> buffer)
        {
            int count = 0;
            int read;
            while (count < buffer.Length && (read = RandomAccess.Read(file, buffer.Span[count..], position)) > 0)
            {
                count += read;
                position += read;
            }

            return ValueTask.FromResult(count);
        }

        /// <inheritdoc/>
        internal override long SkipHole()
        {
            long data = FileCalls.Lseek(file, position, FileCalls.SEEK_DATA);
            if (data < 0)
            {
                // Nothing but a hole up to the end; or a filesystem that cannot say.
                data = Marshal.GetLastPInvokeError() == FileCalls.ENXIO ? Math.Max(position, RandomAccess.GetLength(file)) : position;
            }

            long skipped = data - position;
            position = data;
            return skipped;
        }

        /// <inheritdoc/>
        public override ValueTask DisposeAsync()
        {
            file.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class HostTarget(FileStream file, long position) : CopyTarget
    {
        /// <inheritdoc/>
        internal override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            RandomAccess.Write(file.SafeFileHandle, bytes.Span, position);
            position += bytes.Length;
            return ValueTask.CompletedTask;
        }

        /// <inheritdoc/>
        internal override ValueTask SkipAsync(long count)
        {
            position += count;
            return ValueTask.CompletedTask;
        }

        /// <inheritdoc/>
        internal override ValueTask CompleteAsync() => file.DisposeAsync();

        /// <inheritdoc/>
        public override ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
