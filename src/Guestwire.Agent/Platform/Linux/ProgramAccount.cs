using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>An account that programs run as.</summary>
/// <param name="Name">Its name.</param>
/// <param name="UserId">Its number.</param>
/// <param name="GroupId">The number of its own group.</param>
/// <param name="Groups">The numbers of all of its groups.</param>
/// <param name="Home">Its home directory.</param>
/// <param name="Shell">The program that it logs in with.</param>
[SupportedOSPlatform("linux")]
internal sealed record ProgramAccount(string Name, uint UserId, uint GroupId, IReadOnlyList<uint> Groups, string Home, string Shell)
{
    /// <summary>Groups of one account at most; the kernel's limit. Source: NGROUPS_MAX in linux/limits.h.</summary>
    private const int MaxGroups = 65536;

    private const string DefaultShell = "/bin/sh";

    /// <summary>Finds an account.</summary>
    /// <param name="nameOrNumber">Its name, or its number; a number must be that of an account, too.</param>
    /// <exception cref="QapiException">GenericError: there is none.</exception>
    internal static ProgramAccount Find(string nameOrNumber)
    {
        using ByteBuffer texts = new();
        AccountNames.Lookup<Libc.Passwd> byName = (out Libc.Passwd entry, Span<byte> room, nuint size, out nint found) =>
            Libc.GetPwNam(nameOrNumber, out entry, room, size, out found);
        if (AccountNames.TryFind(byName, texts, out Libc.Passwd user, out int errno))
        {
            return Of(user);
        }

        AccountNames.Lookup<Libc.Passwd> byNumber = (out Libc.Passwd entry, Span<byte> room, nuint size, out nint found) =>
            Libc.GetPwUid(AccountNames.TryParse(nameOrNumber, out uint number) ? number : Libc.SameOwner, out entry, room, size, out found);
        return AccountNames.TryFind(byNumber, texts, out user, out errno) ? Of(user) : throw AccountNames.NotFound("user", nameOrNumber, errno);
    }

    /// <summary>The variables that tell a program who it is, as login(1) sets them.</summary>
    internal IEnumerable<string> Variables => ["HOME=" + Home, "USER=" + Name, "LOGNAME=" + Name, "SHELL=" + Shell];

    private static ProgramAccount Of(in Libc.Passwd user)
    {
        string name = Marshal.PtrToStringUTF8(user.Name) ?? "";
        string shell = Marshal.PtrToStringUTF8(user.Shell) ?? "";
        string home = Marshal.PtrToStringUTF8(user.Home) ?? "";
        return new ProgramAccount(
            name, user.UserId, user.GroupId, GroupsOf(name, user.GroupId), home.Length > 0 ? home : "/", shell.Length > 0 ? shell : DefaultShell);
    }

    private static uint[] GroupsOf(string name, uint groupId)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(name), 0];
        for (int size = 32; ; size *= 4)
        {
            uint[] groups = new uint[Math.Min(size, MaxGroups)];
            int count = groups.Length;
            if (Libc.GetGroupList(text, groupId, groups, ref count) >= 0 || size >= MaxGroups)
            {
                return groups[..Math.Min(count, groups.Length)];
            }
        }
    }
}
