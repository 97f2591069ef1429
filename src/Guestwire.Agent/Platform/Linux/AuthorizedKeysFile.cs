using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary><c>.ssh/authorized_keys</c> in the home of its user. Source: sshd(8).</summary>
/// <remarks>
/// <para>The agent is root and the folder is the user's, who may swap any name in it at any moment. So no name below the home is
/// followed when it is a link, every step is taken from the open directory before it, what was opened is looked at, not its name, and owner and
/// mode are set on open files. The home's own path is root's affair and may hold links.</para>
/// <para>What sshd itself would refuse is refused here: a home or folder of somebody else, a file that the user could not read.</para>
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class AuthorizedKeysFile : IAuthorizedKeys
{
    /// <summary>What is read at most, in bytes; our own limit, some twenty thousand keys. A longer file is refused, since it would be cut.</summary>
    internal const int MaxBytes = 16 * 1024 * 1024;

    private const string FolderName = ".ssh";
    private const string FileName = "authorized_keys";
    private const int PieceBytes = 16 * 1024;
    private const uint FolderMode = 0x1C0; // 0700
    private const uint FileMode = 0x180; // 0600

    /// <inheritdoc/>
    public void Read(Account account, ByteBuffer content)
    {
        if (!TryRead(account, content))
        {
            string path = PathOf(account);
            throw Errno.ToQapi($"failed to read '{path}': Failed to open file \u201C{path}\u201D", Errno.ENOENT);
        }
    }

    /// <inheritdoc/>
    public bool TryRead(Account account, ByteBuffer content)
    {
        using SafeFileHandle? folder = TryOpenFolder(account, make: false);
        if (folder is null)
        {
            return false;
        }

        string tried = $"failed to read '{PathOf(account)}'";

        // Without waiting: a FIFO in its place would have no writer.
        using SafeFileHandle file = Libc.OpenAt(
            folder, FileName, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC, 0);
        if (file.IsInvalid)
        {
            return Errno.Last switch
            {
                Errno.ENOENT => false,
                Errno.ELOOP => throw new QapiException($"{tried}: it is a symbolic link"),
                int errno => throw Errno.ToQapi(tried, errno),
            };
        }

        RequireReadable(file, account, tried);
        ReadToEnd(file, content, tried);
        return true;
    }

    /// <inheritdoc/>
    public void Replace(Account account, ReadOnlySpan<byte> content)
    {
        using SafeFileHandle folder = TryOpenFolder(account, make: true)!;
        string tried = $"failed to write to '{PathOf(account)}'";
        string temporary = string.Create(CultureInfo.InvariantCulture, $".{FileName}.{Environment.ProcessId}.{Environment.TickCount64:x}");
        using SafeFileHandle file = Libc.OpenAt(
            folder, temporary, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, FileMode);
        if (file.IsInvalid)
        {
            throw Errno.ToQapi(tried);
        }

        bool replaced = false;
        try
        {
            if (!WholeWrite.TryWrite(file, content))
            {
                throw Errno.ToQapi(tried);
            }

            if (Libc.ChangeOwner(file, account.UserId, account.GroupId) < 0)
            {
                throw Errno.ToQapi($"failed to set ownership of '{PathOf(account)}'");
            }

            // Said again: the umask may have taken bits away, and a change of owner may, too.
            if (Libc.ChangeMode(file, FileMode) < 0)
            {
                throw Errno.ToQapi($"failed to set permissions of '{PathOf(account)}'");
            }

            replaced = Libc.Sync(file) == 0 && Libc.RenameAt(folder, temporary, folder, FileName) == 0;
            if (!replaced)
            {
                throw Errno.ToQapi(tried);
            }
        }
        finally
        {
            if (!replaced)
            {
                _ = Libc.UnlinkAt(folder, temporary, 0);
            }
        }
    }

    private static string FolderOf(Account account) => account.Home == "/" ? $"/{FolderName}" : $"{account.Home}/{FolderName}";

    private static string PathOf(Account account) => $"{FolderOf(account)}/{FileName}";

    /// <summary>Opens the folder, step by step.</summary>
    /// <returns>Null when there is none and none is to be made.</returns>
    private static SafeFileHandle? TryOpenFolder(Account account, bool make)
    {
        string path = FolderOf(account);
        using SafeFileHandle home = Libc.Open(account.Home, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        if (home.IsInvalid)
        {
            int errno = Errno.Last;
            return make ? throw Errno.ToQapi($"failed to create directory '{path}'", errno)
                : errno == Errno.ENOENT ? null
                : throw Errno.ToQapi($"failed to open directory '{account.Home}'", errno);
        }

        RequireOwner(home, account, account.Home);
        SafeFileHandle folder = OpenFolder(home);
        bool made = false;
        if (folder.IsInvalid && Errno.Last == Errno.ENOENT)
        {
            if (!make)
            {
                return null;
            }

            made = Libc.MakeDirectoryAt(home, FolderName, FolderMode) == 0;
            if (!made && Errno.Last != Errno.EEXIST)
            {
                throw Errno.ToQapi($"failed to create directory '{path}'");
            }

            folder = OpenFolder(home);
        }

        if (folder.IsInvalid)
        {
            // The kernel says ENOTDIR of a link as well, when a directory is asked for.
            throw Errno.Last is Errno.ENOTDIR or Errno.ELOOP
                ? new QapiException($"failed to open directory '{path}': it is a symbolic link or no directory")
                : Errno.ToQapi($"failed to open directory '{path}'");
        }

        try
        {
            RequireOwner(folder, account, path);
            if (made)
            {
                GiveAway(folder, account, path);
            }

            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static SafeFileHandle OpenFolder(SafeFileHandle home) =>
        Libc.OpenAt(home, FolderName, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);

    /// <summary>
    /// Hands the folder that was just made to its user. One who had another directory of root's in their home, and moved it here just now,
    /// gets that one: mkdirat(2) gives no descriptor. What is in it stays root's.
    /// </summary>
    private static void GiveAway(SafeFileHandle folder, Account account, string path)
    {
        if (Libc.ChangeOwner(folder, account.UserId, account.GroupId) < 0)
        {
            throw Errno.ToQapi($"failed to set ownership of directory '{path}'");
        }

        if (Libc.ChangeMode(folder, FolderMode) < 0)
        {
            throw Errno.ToQapi($"failed to set permissions of '{path}'");
        }
    }

    /// <summary>In a directory of a third user anything could stand, put there to be read or taken over.</summary>
    private static void RequireOwner(SafeFileHandle directory, Account account, string path)
    {
        Libc.StatX status = StatusOf(directory, $"failed to open directory '{path}'");
        if (status.UserId != account.UserId && status.UserId != 0)
        {
            throw new QapiException($"failed to open directory '{path}': it belongs neither to '{account.Name}' nor to root");
        }
    }

    /// <summary>
    /// A name in the user's folder can be a hard link to a file of root's: one that the user cannot read must not be read for them, or
    /// adding a key would copy it into a file of theirs.
    /// </summary>
    private static void RequireReadable(SafeFileHandle file, Account account, string tried)
    {
        Libc.StatX status = StatusOf(file, tried);
        if (!status.IsRegularFile)
        {
            throw new QapiException($"{tried}: it is no regular file");
        }

        bool readable = status.UserId == account.UserId
            || (status.UserId == 0
                && ((status.Mode & Libc.S_IROTH) != 0 || (status.GroupId == account.GroupId && (status.Mode & Libc.S_IRGRP) != 0)));
        if (!readable)
        {
            throw Errno.ToQapi(tried, Errno.EACCES);
        }
    }

    private static Libc.StatX StatusOf(SafeFileHandle file, string tried) =>
        Libc.StatOpen(file, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, out Libc.StatX status) == 0 ? status : throw Errno.ToQapi(tried);

    private static void ReadToEnd(SafeFileHandle file, ByteBuffer content, string tried)
    {
        int count;
        while ((count = Libc.Read(file, content.GetSpan(PieceBytes))) > 0)
        {
            content.Advance(count);
            if (content.Count > MaxBytes)
            {
                throw new QapiException(string.Create(CultureInfo.InvariantCulture, $"{tried}: it is larger than {MaxBytes} bytes"));
            }
        }

        if (count < 0)
        {
            throw Errno.ToQapi(tried);
        }
    }
}
