namespace Guestwire.Agent.Interop.Linux;

/// <summary>Freezing filesystems.</summary>
internal static partial class Libc
{
    /// <summary><c>_IOWR('X', 119, int)</c>. Source: linux/fs.h.</summary>
    internal const nuint FIFREEZE = 0xC0045877;

    /// <summary><c>_IOWR('X', 120, int)</c>. Source: linux/fs.h.</summary>
    internal const nuint FITHAW = 0xC0045878;
}
