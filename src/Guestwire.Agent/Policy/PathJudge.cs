using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Policy;

/// <summary>
/// What the rules say of paths. They are compared by their letters, and then the kernel sees to it that no link leads out (openat2(2), since
/// Linux 5.6). So what is allowed and what is opened are the same, whoever changes the folders meanwhile.
/// </summary>
/// <param name="rules">What the administrator decided.</param>
internal sealed class PathJudge(AccessRules rules)
{
    /// <summary>Tries when somebody renames folders meanwhile; our own limit.</summary>
    private const int MaxTries = 16;

    /// <summary>Opens a file as open(2) does, if the rules let it; with rules, never through a link that leads out of what they name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="use">What it is opened for.</param>
    /// <param name="flags">As for open(2).</param>
    /// <param name="mode">As for open(2).</param>
    /// <param name="decision">What the rules say.</param>
    /// <param name="onlyLook">Whether to go only as far as it takes to know.</param>
    /// <returns>An invalid handle when rules or system refused.</returns>
    [SupportedOSPlatform("linux")]
    internal SafeFileHandle TryOpen(string path, PathUse use, int flags, uint mode, out Decision decision, bool onlyLook = false)
    {
        if (!TryFindFolder(path, use, out string? folder, out decision))
        {
            return new SafeFileHandle();
        }

        if (folder is null)
        {
            return onlyLook ? new SafeFileHandle() : Libc.Open(path, flags, mode);
        }

        SafeFileHandle file = OpenBeneath(folder, path, onlyLook ? Libc.O_PATH | Libc.O_CLOEXEC : flags, mode);
        decision = decision with { IsAllowed = !(file.IsInvalid && IsOutside) };
        return file;
    }

    /// <summary>Finds the place of a name, if the rules let a request change it: of a name in the folder that a rule names, or below.</summary>
    /// <param name="path">The name with its path.</param>
    /// <param name="use">What is to be done there.</param>
    /// <param name="decision">What the rules say.</param>
    /// <returns>Null when rules or system refused.</returns>
    [SupportedOSPlatform("linux")]
    internal FilePlace? TryPlace(string path, PathUse use, out Decision decision)
    {
        if (!TryFindFolder(path, use, out string? folder, out decision))
        {
            return null;
        }

        if (folder is null)
        {
            return FilePlace.Anywhere(path);
        }

        // The folder that is named, or the file: its name is in a folder that is not.
        string rest = path[folder.Length..].Trim('/');
        if (rest.Length == 0)
        {
            decision = decision with { IsAllowed = false };
            return null;
        }

        int slash = rest.LastIndexOf('/');
        string name = rest[(slash + 1)..];
        if (name is "." or "..")
        {
            // No name, but a way to somewhere else.
            Marshal.SetLastPInvokeError(Errno.EINVAL);
            return null;
        }

        const int Flags = Libc.O_PATH | Libc.O_CLOEXEC;
        SafeFileHandle parent = OpenBeneath(folder, slash < 0 ? folder : folder + "/" + rest[..slash], Flags | Libc.O_DIRECTORY, 0);
        if (!parent.IsInvalid)
        {
            return FilePlace.In(parent, name);
        }

        decision = decision with { IsAllowed = !IsOutside };
        return null;
    }

    // What openat2(2) says of a path that leads out.
    [SupportedOSPlatform("linux")]
    private static bool IsOutside => Errno.Last is Errno.EXDEV or Errno.ELOOP;

    // A rule that names the file itself says which file is meant, link or not.
    [SupportedOSPlatform("linux")]
    private static SafeFileHandle OpenBeneath(string folder, string path, int flags, uint mode)
    {
        string rest = path[folder.Length..].TrimStart('/');
        if (rest.Length == 0)
        {
            return Libc.Open(path.Length == 0 ? "/" : path, flags, mode);
        }

        using SafeFileHandle directory = Libc.Open(folder.Length == 0 ? "/" : folder, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        if (directory.IsInvalid)
        {
            return new SafeFileHandle();
        }

        Libc.OpenHow how = new()
        {
            Flags = (ulong)flags,
            Mode = mode,
            Resolve = Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_MAGICLINKS,
        };
        SafeFileHandle file = Libc.OpenAt2(directory, rest, how);
        for (int tries = 1; tries < MaxTries && file.IsInvalid && Errno.Last == Errno.EAGAIN; tries++)
        {
            file = Libc.OpenAt2(directory, rest, how);
        }

        return file;
    }

    /// <summary>Finds what a path lies beneath that the rules name.</summary>
    /// <param name="path">The path.</param>
    /// <param name="use">What for.</param>
    /// <param name="folder">The inner one when there are two; null when there are no limits.</param>
    /// <param name="decision">Allowed, as far as the letters go.</param>
    /// <returns>False when no rule allows it.</returns>
    private bool TryFindFolder(string path, PathUse use, out string? folder, out Decision decision)
    {
        string? readable = null;
        string? writable = null;
        string? closed = use.HasFlag(PathUse.Read) ? ClosesPath(rules.ReadPaths, "read-paths", path, out readable) : null;
        closed ??= use.HasFlag(PathUse.Write) ? ClosesPath(rules.WritePaths, "write-paths", path, out writable) : null;

        // The inner of the two: it lies in the other.
        bool byRead = (readable?.Length ?? -1) >= (writable?.Length ?? -1);
        folder = byRead ? readable : writable;
        decision = closed is not null ? new Decision(false, closed)
            : folder is null ? rules.Unlimited
            : new Decision(true, $"{(byRead ? "read-paths" : "write-paths")} {folder}");
        return closed is null;
    }

    /// <returns>What closes a path in one direction, or null; then <paramref name="above"/> is what it lies beneath, or null without limits.</returns>
    private string? ClosesPath(IReadOnlyList<string>? folders, string name, string path, out string? above)
    {
        above = folders is null ? null : Above(folders, path);
        return folders is null ? (rules.Profile == PolicyProfile.Full ? null : rules.Unlimited.Rule)
            : above is null ? name
            : null;
    }

    /// <summary>The longest of the paths that is this one or lies above it by its letters; what links and dots make of it the kernel watches.</summary>
    private static string? Above(IReadOnlyList<string> folders, string path)
    {
        string? best = null;
        foreach (string folder in folders)
        {
            bool isAbove = path.StartsWith(folder, StringComparison.Ordinal)
                && (path.Length == folder.Length || path[folder.Length] == '/');
            if (isAbove && folder.Length > (best?.Length ?? -1))
            {
                best = folder;
            }
        }

        return best;
    }
}
