using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Tests.Platform.Linux;

/// <summary>A user's home for a test. Where the test may give files away the user is somebody else, and else whoever runs it.</summary>
internal sealed class UserHome : IDisposable
{
    private const uint SomeUser = 54321;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guestwire-");

    internal UserHome()
    {
        Account = new Account("alice", _folder.FullName, UserId(), GroupId());
        GiveAway(_folder.FullName, Account.UserId, Account.GroupId);
    }

    internal Account Account { get; }

    /// <summary>The path of the file of keys.</summary>
    internal string Keys => this[".ssh/authorized_keys"];

    /// <summary>A path in the home.</summary>
    internal string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Makes a folder of the user's own.</summary>
    internal UserHome Folder(string name)
    {
        Directory.CreateDirectory(this[name]);
        GiveAway(this[name], Account.UserId, Account.GroupId);
        return this;
    }

    /// <summary>Makes a file of the user's own.</summary>
    internal UserHome File(string name, string text)
    {
        System.IO.File.WriteAllText(this[name], text);
        GiveAway(this[name], Account.UserId, Account.GroupId);
        return this;
    }

    /// <summary>Gives a file to somebody, if the test may.</summary>
    internal static void GiveAway(string path, uint userId, uint groupId)
    {
        if (Environment.IsPrivilegedProcess)
        {
            using SafeFileHandle file = Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
            Assert.Equal(0, Libc.ChangeOwner(file, userId, groupId));
        }
    }

    /// <summary>Whose a file is.</summary>
    internal static (uint UserId, uint GroupId) OwnerOf(string path)
    {
        Libc.StatX status = StatusOf(path);
        return (status.UserId, status.GroupId);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private uint UserId() => Environment.IsPrivilegedProcess ? SomeUser : OwnerOf(_folder.FullName).UserId;

    private uint GroupId() => Environment.IsPrivilegedProcess ? SomeUser : OwnerOf(_folder.FullName).GroupId;

    private static Libc.StatX StatusOf(string path)
    {
        Assert.Equal(0, Libc.Stat(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, out Libc.StatX status));
        return status;
    }
}
