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
    /// <inheritdoc/>
    public string ReadHostName() => ReadName().HostName;

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
        (string _, string release, string version, string machine) = ReadName();
        Dictionary<string, string> distribution = ReadDistribution();
        return new GuestOSInfo
        {
            KernelRelease = release,
            KernelVersion = version,
            Machine = machine,
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

    private static (string HostName, string Release, string Version, string Machine) ReadName()
    {
        const int Field = Libc.UtsNameFieldBytes;
        Span<byte> name = stackalloc byte[6 * Field];
        if (Libc.UName(name) != 0)
        {
            throw Errno.ToQapi("failed to get host name");
        }

        // System, node, release, version, machine, domain.
        return (
            CText.ToString(name.Slice(Field, Field)),
            CText.ToString(name.Slice(2 * Field, Field)),
            CText.ToString(name.Slice(3 * Field, Field)),
            CText.ToString(name.Slice(4 * Field, Field)));
    }

    private Dictionary<string, string> ReadDistribution()
    {
        using ByteBuffer? text = osReleasePath is not null
            ? PseudoFile.TryRead(osReleasePath, out _)
            : PseudoFile.TryRead("/etc/os-release", out _) ?? PseudoFile.TryRead("/usr/lib/os-release", out _);
        return OsRelease.Parse(text is null ? default : text.Bytes);
    }
}
