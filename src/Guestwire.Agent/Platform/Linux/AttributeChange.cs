using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Changes what the filesystem knows of a file, one thing after the other; what is not given stays as it is.</summary>
[SupportedOSPlatform("linux")]
internal sealed record AttributeChange
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The new owner.</summary>
    internal uint? UserId { get; init; }

    /// <summary>The new group.</summary>
    internal uint? GroupId { get; init; }

    /// <summary>The new length, in bytes.</summary>
    internal long? SizeBytes { get; init; }

    /// <summary>The new permissions.</summary>
    internal uint? Mode { get; init; }

    /// <summary>When it last changed, in nanoseconds since 1970.</summary>
    internal long? ModifiedNs { get; init; }

    /// <summary>When it was last read, likewise.</summary>
    internal long? AccessedNs { get; init; }

    /// <summary>Whether all of it makes sense for a file, so that nothing changes when a part does not.</summary>
    /// <returns>What does not; null when all does.</returns>
    internal string? FaultFor(in Libc.StatX status) =>
        status.IsSymbolicLink && (Mode is not null || SizeBytes is not null) ? "a symbolic link has no mode and no length of its own"
        : !status.IsRegularFile && SizeBytes is not null ? "only a regular file has a length that can change"
        : null;

    /// <summary>Changes them, of the very file that is open, whatever its name stands for by now.</summary>
    /// <param name="file">The file, open in any way, with O_PATH too.</param>
    /// <param name="tried">What to say was tried, in an error.</param>
    /// <exception cref="QapiException">GenericError: the system refused; what came before has changed.</exception>
    internal void ApplyTo(SafeFileHandle file, string tried)
    {
        // The kernel's own link to an open file: calls that take no descriptor opened with O_PATH take this.
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)file.DangerousGetHandle()}");
        if (UserId is not null || GroupId is not null)
        {
            Require(Libc.ChangeOwnerAt(file, "", UserId ?? Libc.SameOwner, GroupId ?? Libc.SameOwner, Libc.AT_EMPTY_PATH), tried, "owner");
        }

        if (SizeBytes is { } size)
        {
            Require(Libc.Truncate(path, size), tried, "length");
        }

        // After the owner, whose change takes set-user-ID away.
        if (Mode is { } mode)
        {
            Require(Libc.ChangeMode(path, mode), tried, "mode");
        }

        if (ModifiedNs is not null || AccessedNs is not null)
        {
            using SafeFileHandle here = new(Libc.AT_FDCWD, ownsHandle: false);
            Require(Libc.SetTimesAt(here, path, [TimeOf(AccessedNs), TimeOf(ModifiedNs)], 0), tried, "times");
        }
    }

    // Whole seconds are rounded down, also before 1970: the nanoseconds are never negative.
    private static Libc.Timespec TimeOf(long? nanoseconds)
    {
        if (nanoseconds is not { } time)
        {
            return new Libc.Timespec { Nanoseconds = Libc.UTIME_OMIT };
        }

        (long seconds, long rest) = Math.DivRem(time, NanosecondsPerSecond);
        return rest < 0
            ? new Libc.Timespec { Seconds = seconds - 1, Nanoseconds = rest + NanosecondsPerSecond }
            : new Libc.Timespec { Seconds = seconds, Nanoseconds = rest };
    }

    private static void Require(int result, string tried, string what)
    {
        if (result < 0)
        {
            throw Errno.ToQapi(tried + " (" + what + ")");
        }
    }
}
