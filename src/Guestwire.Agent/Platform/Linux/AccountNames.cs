using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Names of users and groups by their numbers, and the other way, as the C library knows them. Keeps each answer: made for one request, and gone with it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class AccountNames
{
    /// <summary>Room for the texts of an entry at first, in bytes; what getpwnam_r(3) suggests.</summary>
    private const int FirstBytes = 1024;

    /// <summary>Our own limit; a group of ten thousand members takes a tenth of it.</summary>
    private const int MaxBytes = 1024 * 1024;

    private readonly Dictionary<uint, string?> _users = [];
    private readonly Dictionary<uint, string?> _groups = [];

    /// <summary>A call of the C library that fills in an entry and the texts that it points into, as getpwnam_r(3) does.</summary>
    internal delegate int Lookup<TEntry>(out TEntry entry, Span<byte> texts, nuint size, out nint found);

    /// <summary>The name of a user; null when there is none.</summary>
    internal string? OfUser(uint userId)
    {
        if (!_users.TryGetValue(userId, out string? name))
        {
            using ByteBuffer texts = new();
            Lookup<Libc.Passwd> byNumber = (out Libc.Passwd entry, Span<byte> room, nuint size, out nint found) =>
                Libc.GetPwUid(userId, out entry, room, size, out found);
            name = TryFind(byNumber, texts, out Libc.Passwd user, out _) ? Marshal.PtrToStringUTF8(user.Name) : null;
            _users.Add(userId, name);
        }

        return name;
    }

    /// <summary>The name of a group; null when there is none.</summary>
    internal string? OfGroup(uint groupId)
    {
        if (!_groups.TryGetValue(groupId, out string? name))
        {
            using ByteBuffer texts = new();
            Lookup<Libc.Group> byNumber = (out Libc.Group entry, Span<byte> room, nuint size, out nint found) =>
                Libc.GetGrGid(groupId, out entry, room, size, out found);
            name = TryFind(byNumber, texts, out Libc.Group group, out _) ? Marshal.PtrToStringUTF8(group.Name) : null;
            _groups.Add(groupId, name);
        }

        return name;
    }

    /// <summary>The number of a user that is given by name, or by a number that need not have a name.</summary>
    /// <exception cref="QapiException">GenericError: there is no such user.</exception>
    internal static uint FindUser(string nameOrNumber)
    {
        using ByteBuffer texts = new();
        Lookup<Libc.Passwd> byName = (out Libc.Passwd entry, Span<byte> room, nuint size, out nint found) =>
            Libc.GetPwNam(nameOrNumber, out entry, room, size, out found);
        return TryFind(byName, texts, out Libc.Passwd user, out int errno) ? user.UserId
            : TryParse(nameOrNumber, out uint number) ? number
            : throw NotFound("user", nameOrNumber, errno);
    }

    /// <summary>The same for a group.</summary>
    /// <exception cref="QapiException">GenericError: there is no such group.</exception>
    internal static uint FindGroup(string nameOrNumber)
    {
        using ByteBuffer texts = new();
        Lookup<Libc.Group> byName = (out Libc.Group entry, Span<byte> room, nuint size, out nint found) =>
            Libc.GetGrNam(nameOrNumber, out entry, room, size, out found);
        return TryFind(byName, texts, out Libc.Group group, out int errno) ? group.GroupId
            : TryParse(nameOrNumber, out uint number) ? number
            : throw NotFound("group", nameOrNumber, errno);
    }

    /// <summary>A number of a user or a group; the highest is none, and means "as it is" to the kernel.</summary>
    internal static bool TryParse(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number != Libc.SameOwner;

    /// <summary>Asks the C library, with as much room as it takes.</summary>
    /// <param name="lookup">The call.</param>
    /// <param name="texts">Gets the texts: native memory, since the entry points into it.</param>
    /// <param name="entry">What is known.</param>
    /// <param name="errno">What went wrong; 0 also when there is no such entry.</param>
    /// <returns>False when there is no such entry, or it could not be found out.</returns>
    internal static bool TryFind<TEntry>(Lookup<TEntry> lookup, ByteBuffer texts, out TEntry entry, out int errno)
    {
        int size = FirstBytes;
        nint found;
        while ((errno = lookup(out entry, texts.GetSpan(size), (nuint)size, out found)) == Errno.ERANGE && size < MaxBytes)
        {
            size *= 4;
        }

        return found != 0;
    }

    /// <summary>What a host hears. An account that is not there is no error to the C library, but may be one to what it asks.</summary>
    internal static QapiException NotFound(string kind, string name, int errno) =>
        new("there is no " + kind + " '" + name + "'" + (errno is 0 or Errno.ENOENT ? "" : ": " + Errno.Text(errno)));
}
