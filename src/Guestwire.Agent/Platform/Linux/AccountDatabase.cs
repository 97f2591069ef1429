using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>The accounts that the C library knows: from <c>/etc/passwd</c> and whatever else nsswitch.conf(5) names.</summary>
[SupportedOSPlatform("linux")]
internal sealed class AccountDatabase : IAccountDatabase
{
    /// <summary>Room for the texts of an entry at first, in bytes; what getpwnam_r(3) suggests.</summary>
    private const int FirstBytes = 1024;

    /// <summary>Our own limit, far above any entry.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <inheritdoc/>
    public Account Find(string name)
    {
        for (int size = FirstBytes; ; size *= 4)
        {
            // Native memory: the entry points into it, so it must not move.
            using ByteBuffer texts = new();
            int error = Libc.GetPwNam(name, out Libc.Passwd entry, texts.GetSpan(size), (nuint)size, out nint found);
            if (error == Errno.ERANGE && size < MaxBytes)
            {
                continue;
            }

            // An account that is not there is no error to the C library; hosts know that text.
            return found == 0
                ? throw Errno.ToQapi($"failed to lookup user '{name}'", error)
                : new Account(name, HomeOf(entry, name), entry.UserId, entry.GroupId);
        }
    }

    private static string HomeOf(in Libc.Passwd entry, string name)
    {
        string home = Marshal.PtrToStringUTF8(entry.Home) ?? "";
        return home is not ['/', ..]
            ? throw new QapiException($"user '{name}' has no home directory")
            : home.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";
    }
}
