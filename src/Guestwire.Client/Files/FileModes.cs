using Guestwire.Protocol;

namespace Guestwire.Client.Files;

/// <summary>The number in which the system keeps a file's type and permissions. Source: inode(7).</summary>
internal static class FileModes
{
    /// <summary>Permissions, with set-user-ID, set-group-ID and sticky bit.</summary>
    internal const int Permissions = 0xFFF;

    /// <summary>Set-user-ID and set-group-ID.</summary>
    internal const int SetIds = 0xC00;

    private const int TypeMask = 0xF000;

    /// <summary>What the file is.</summary>
    internal static GuestwireFileType TypeOf(int mode) => (mode & TypeMask) switch
    {
        0x8000 => GuestwireFileType.Regular,
        0x4000 => GuestwireFileType.Directory,
        0xA000 => GuestwireFileType.Symlink,
        0x6000 => GuestwireFileType.BlockDevice,
        0x2000 => GuestwireFileType.CharacterDevice,
        0x1000 => GuestwireFileType.Fifo,
        0xC000 => GuestwireFileType.Socket,
        _ => GuestwireFileType.Unknown,
    };
}
