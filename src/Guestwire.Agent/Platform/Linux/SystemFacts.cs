using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Host name and kernel from uname(2), distribution from os-release(5), time zone from the C library, load from getloadavg(3).</summary>
/// <param name="time">Tells the moment for which the time zone's offset is asked.</param>
/// <param name="osReleasePath">The file to read instead of the system's own, or null.</param>
[SupportedOSPlatform("linux")]
internal sealed class SystemFacts(TimeProvider time, string? osReleasePath) : ISystemFacts
{
    // struct utsname: system, node, release, version, machine, domain.
    private const int UtsNameFields = 6;
    private const int NodeField = 1;
    private const int ReleaseField = 2;
    private const int VersionField = 3;
    private const int MachineField = 4;

    /// <inheritdoc/>
    public string ReadHostName()
    {
        Span<byte> name = stackalloc byte[UtsNameFields * Libc.UtsNameFieldBytes];
        ReadName(name);
        return TextOf(name, NodeField);
    }

    /// <inheritdoc/>
    public GuestTimezone ReadTimezone()
    {
        // Looks at TZ and at /etc/localtime again, so that a change is seen without a restart.
        Libc.TzSet();
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        return Libc.LocalTime(in now, out Libc.BrokenDownTime local) == 0
            ? throw Errno.ToQapi("failed to get local time")
            : new GuestTimezone { Offset = local.OffsetSeconds, Zone = Marshal.PtrToStringUTF8(local.Zone) };
    }

    /// <inheritdoc/>
    public GuestOSInfo ReadOperatingSystem()
    {
        Span<byte> name = stackalloc byte[UtsNameFields * Libc.UtsNameFieldBytes];
        ReadName(name);
        Dictionary<string, string> distribution = ReadDistribution();
        return new GuestOSInfo
        {
            KernelRelease = TextOf(name, ReleaseField),
            KernelVersion = TextOf(name, VersionField),
            Machine = TextOf(name, MachineField),
            Id = distribution.GetValueOrDefault("ID"),
            Name = distribution.GetValueOrDefault("NAME"),
            PrettyName = distribution.GetValueOrDefault("PRETTY_NAME"),
            Version = distribution.GetValueOrDefault("VERSION"),
            VersionId = distribution.GetValueOrDefault("VERSION_ID"),
            Variant = distribution.GetValueOrDefault("VARIANT"),
            VariantId = distribution.GetValueOrDefault("VARIANT_ID"),
        };
    }

    /// <inheritdoc/>
    public GuestLoadAverage ReadLoad()
    {
        Span<double> averages = stackalloc double[3];
        return Libc.GetLoadAvg(averages, averages.Length) < averages.Length
            ? throw Errno.ToQapi("cannot query load average")
            : new GuestLoadAverage { Load1m = averages[0], Load5m = averages[1], Load15m = averages[2] };
    }

    private static void ReadName(Span<byte> name)
    {
        if (Libc.UName(name) != 0)
        {
            throw Errno.ToQapi("failed to get host name");
        }
    }

    private static string TextOf(ReadOnlySpan<byte> name, int field) =>
        CText.ToString(name.Slice(field * Libc.UtsNameFieldBytes, Libc.UtsNameFieldBytes));

    private Dictionary<string, string> ReadDistribution()
    {
        Span<byte> room = stackalloc byte[FileText.UsualBytes];
        bool found = osReleasePath is not null
            ? FileText.TryRead(osReleasePath, room, out FileText text)
            : FileText.TryRead("/etc/os-release", room, out text) || FileText.TryRead("/usr/lib/os-release", room, out text);
        using (text)
        {
            return OsRelease.Parse(found ? text.Bytes : default);
        }
    }
}
