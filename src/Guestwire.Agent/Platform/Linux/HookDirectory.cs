using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// A folder as run-parts(8) reads one: the executable files whose names consist of letters, digits, <c>-</c>, <c>_</c> and dots, in the
/// order of the bytes of their names. What package managers and editors leave behind is passed over, and so is what is not executable:
/// that is how one switches a hook off.
/// </summary>
/// <remarks>
/// The hooks run as root, so nobody else may decide what they do: a file, all folders above it, and the same of what a link leads to must
/// belong to root or to the agent's own user, and nobody else may write there. In a folder with the sticky bit, others can add names, but
/// cannot replace what is not theirs.
/// </remarks>
/// <param name="path">The folder.</param>
[SupportedOSPlatform("linux")]
internal sealed class HookDirectory(string path) : IHookDirectory
{
    private static readonly string[] s_leftovers = [".bak", ".orig", ".sample", ".swp", ".disabled", ".rpmnew", ".rpmorig", ".rpmsave"];

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public IReadOnlyList<HookFile> List()
    {
        if (PseudoFile.TryList(path, out int errno) is not { } names)
        {
            return errno == Errno.ENOENT ? [] : throw Errno.ToQapi($"cannot read the folder of fsfreeze hooks '{path}'", errno);
        }

        names.Sort(string.CompareOrdinal);
        List<HookFile> hooks = [];
        foreach (string name in names)
        {
            string hook = $"{path}/{name}";
            if (IsNameOfHook(name) && !IsSwitchedOff(hook))
            {
                hooks.Add(new HookFile(hook, DistrustOfLinks(hook)));
            }
        }

        return hooks;
    }

    /// <summary>Whether a file of this name is a hook.</summary>
    internal static bool IsNameOfHook(string name)
    {
        if (name.StartsWith('.') || name.Contains(".dpkg-", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (string leftover in s_leftovers)
        {
            if (name.EndsWith(leftover, StringComparison.Ordinal))
            {
                return false;
            }
        }

        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether it is a file that is not executable, or something that is no file. A link to nowhere is none of that: it was a hook.</summary>
    private static bool IsSwitchedOff(string hook) =>
        TryStat(hook, out Libc.StatX file) && (!file.IsRegularFile || (file.Mode & Libc.S_IXANY) == 0);

    /// <summary>Why a hook cannot be trusted, the way to it or what it leads to; or null.</summary>
    private static string? DistrustOfLinks(string hook) =>
        PseudoFile.TryResolve(hook) is string target
            ? DistrustOf(target) ?? (PseudoFile.TryResolve(FolderOf(hook)) is string folder ? DistrustOf(folder) : "its folder is gone")
            : "it leads to nothing";

    /// <summary>Why a path without links cannot be trusted, or null.</summary>
    private static string? DistrustOf(string target)
    {
        for (string step = target; ; step = FolderOf(step))
        {
            if (!TryStat(step, out Libc.StatX file))
            {
                return $"'{step}' cannot be looked at";
            }

            if (file.UserId != 0 && file.UserId != Libc.GetEffectiveUser())
            {
                return $"'{step}' does not belong to root";
            }

            bool isSticky = !file.IsRegularFile && (file.Mode & Libc.S_ISVTX) != 0;
            if ((file.Mode & (Libc.S_IWGRP | Libc.S_IWOTH)) != 0 && !isSticky)
            {
                return $"'{step}' can be written by others than its owner";
            }

            if (step == "/")
            {
                return null;
            }
        }
    }

    private static string FolderOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";

    private static bool TryStat(string path, out Libc.StatX file) =>
        Libc.Stat(Libc.AT_FDCWD, path, 0, Libc.STATX_TYPE | Libc.STATX_MODE | Libc.STATX_UID, out file) == 0;
}
