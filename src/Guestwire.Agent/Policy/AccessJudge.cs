using System.Runtime.Versioning;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Policy;

/// <summary>
/// What the rules say of a request whose command is enabled: of the file that it would open, the program that it would run, the account that it
/// is about. Paths are compared by their letters, and then the kernel sees to it that no link leads out (openat2(2), since Linux 5.6).
/// </summary>
internal sealed class AccessJudge(AccessRules rules)
{
    /// <summary>Tries when somebody renames folders meanwhile; our own limit.</summary>
    private const int MaxTries = 16;

    /// <summary>What would become of a request whose command is enabled. Nothing happens.</summary>
    /// <exception cref="QapiException">GenericError: its arguments are not what the schema says.</exception>
    [SupportedOSPlatform("linux")]
    internal Decision Judge(CommandInfo command, JsonValue arguments)
    {
        ArgumentReader reader = new();
        return command.Id switch
        {
            CommandId.GuestFileOpen => Judge(GuestFileOpenArgumentsCodec.Read(reader, arguments)),
            CommandId.GuestExec => Judge(GuestExecArgumentsCodec.Read(reader, arguments)),
            CommandId.GuestSetUserPassword => JudgeUser(GuestSetUserPasswordArgumentsCodec.Read(reader, arguments).Username),
            CommandId.GuestSshGetAuthorizedKeys => JudgeUser(GuestSshGetAuthorizedKeysArgumentsCodec.Read(reader, arguments).Username),
            CommandId.GuestSshAddAuthorizedKeys => JudgeUser(GuestSshAddAuthorizedKeysArgumentsCodec.Read(reader, arguments).Username),
            CommandId.GuestSshRemoveAuthorizedKeys => JudgeUser(GuestSshRemoveAuthorizedKeysArgumentsCodec.Read(reader, arguments).Username),
            _ => Unlimited,
        };
    }

    private Decision Unlimited => new(true, $"profile {PolicyProfileNames.Of(rules.Profile)}");

    /// <summary>What the rules say of running a program.</summary>
    internal Decision Judge(in GuestExecArguments arguments)
    {
        if (rules.Programs is null)
        {
            return Unlimited;
        }

        foreach (ExecRule rule in rules.Programs)
        {
            if (rule.Allows(arguments))
            {
                return new Decision(true, $"exec {rule.Name}");
            }
        }

        return new Decision(false, "exec");
    }

    /// <summary>What the rules say of an account.</summary>
    internal Decision JudgeUser(string user) =>
        rules.Users is null ? Unlimited : new Decision(NameList.Has(rules.Users, user), "users");

    [SupportedOSPlatform("linux")]
    private Decision Judge(in GuestFileOpenArguments arguments)
    {
        // As far as one can go without opening: a file that is yet to be made is judged by its folder.
        int flags = OpenFile.FlagsOf(arguments.Mode ?? "r") & Libc.O_ACCMODE;
        TryOpen(arguments.Path, flags, 0, out Decision decision, onlyLook: true).Dispose();
        return decision;
    }

    /// <summary>Opens a file as open(2) does, if the rules let it; with rules, never through a link that leads out of what they name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flags">As for open(2).</param>
    /// <param name="mode">As for open(2).</param>
    /// <param name="decision">What the rules say.</param>
    /// <param name="onlyLook">Whether to go only as far as it takes to know.</param>
    /// <returns>An invalid handle when rules or system refused.</returns>
    [SupportedOSPlatform("linux")]
    internal SafeFileHandle TryOpen(string path, int flags, uint mode, out Decision decision, bool onlyLook = false)
    {
        int access = flags & Libc.O_ACCMODE;
        string? readable = null;
        string? writable = null;
        string? closed = access == Libc.O_WRONLY ? null : ClosesPath(rules.ReadPaths, "read-paths", path, out readable);
        closed ??= access == Libc.O_RDONLY ? null : ClosesPath(rules.WritePaths, "write-paths", path, out writable);
        if (closed is not null)
        {
            decision = new Decision(false, closed);
            return new SafeFileHandle();
        }

        if (readable is null && writable is null)
        {
            decision = Unlimited;
            return onlyLook ? new SafeFileHandle() : Libc.Open(path, flags, mode);
        }

        // The inner of the two: it lies in the other.
        bool byRead = (readable?.Length ?? -1) >= (writable?.Length ?? -1);
        string folder = byRead ? readable! : writable!;
        SafeFileHandle file = OpenBeneath(folder, path, onlyLook ? Libc.O_PATH | Libc.O_CLOEXEC : flags, mode);
        bool isOutside = file.IsInvalid && Errno.Last is Errno.EXDEV or Errno.ELOOP;
        decision = new Decision(!isOutside, $"{(byRead ? "read-paths" : "write-paths")} {folder}");
        return file;
    }

    // A rule that names the file itself says which file is meant, link or not.
    [SupportedOSPlatform("linux")]
    private static SafeFileHandle OpenBeneath(string folder, string path, int flags, uint mode)
    {
        string rest = path[folder.Length..].TrimStart('/');
        if (rest.Length == 0)
        {
            return Libc.Open(path, flags, mode);
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

    /// <returns>What closes a path in one direction, or null; then <paramref name="above"/> is what it lies beneath, or null without limits.</returns>
    private string? ClosesPath(IReadOnlyList<string>? folders, string name, string path, out string? above)
    {
        above = folders is null ? null : Above(folders, path);
        return folders is null ? (rules.Profile == PolicyProfile.Full ? null : Unlimited.Rule)
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
