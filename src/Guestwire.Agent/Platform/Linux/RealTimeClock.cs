using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>A hardware clock as a device: rtc(4). It counts whole seconds, in no time zone; one program at a time may have it open.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RealTimeClock : IDisposable
{
    /// <summary>How often it is looked at while waiting for its next second, once in a millisecond: for more than a second.</summary>
    private const int MaxLooks = 1500;

    private const int FirstYear = 1900;

    private readonly SafeFileHandle _device;
    private readonly string _path;

    private RealTimeClock(SafeFileHandle device, string path)
    {
        _device = device;
        _path = path;
    }

    /// <summary>Opens the machine's hardware clock.</summary>
    /// <param name="devices">The directory of device nodes.</param>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="QapiException">GenericError: there is one, but it is in use, or not for us.</exception>
    internal static RealTimeClock? TryOpen(string devices)
    {
        foreach (string name in (ReadOnlySpan<string>)["rtc0", "rtc"])
        {
            string path = $"{devices}/{name}";
            SafeFileHandle device = Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
            if (!device.IsInvalid)
            {
                return new RealTimeClock(device, path);
            }

            if (Errno.Last is not (Errno.ENOENT or Errno.ENXIO or Errno.ENODEV))
            {
                throw Errno.ToQapi($"cannot open hardware clock {path}");
            }
        }

        return null;
    }

    /// <summary>Reads the clock at the moment when its second begins; that takes up to a second.</summary>
    /// <returns>Its time as seconds since 1970.</returns>
    /// <exception cref="QapiException">GenericError: it cannot be read, or has never been set.</exception>
    internal long ReadAtTick()
    {
        long first = Read();
        long now = first;
        for (int look = 0; look < MaxLooks && now == first; look++)
        {
            Thread.Sleep(1);
            now = Read();
        }

        return now;
    }

    /// <summary>Sets the clock.</summary>
    /// <param name="seconds">Its time as seconds since 1970.</param>
    /// <exception cref="QapiException">GenericError: it cannot be set.</exception>
    internal void Write(long seconds)
    {
        Libc.RtcTime time = ToCalendar(seconds);
        if (Libc.IoctlRtc(_device, Libc.RTC_SET_TIME, ref time) < 0)
        {
            throw Errno.ToQapi($"cannot set hardware clock {_path}");
        }
    }

    /// <summary>A calendar time as seconds since 1970.</summary>
    internal static long ToSeconds(in Libc.RtcTime time) =>
        new DateTimeOffset(time.Year + FirstYear, time.Month + 1, time.DayOfMonth, time.Hour, time.Minute, time.Second, TimeSpan.Zero)
            .ToUnixTimeSeconds();

    /// <summary>Seconds since 1970 as a calendar time.</summary>
    internal static Libc.RtcTime ToCalendar(long seconds)
    {
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return new Libc.RtcTime
        {
            Year = time.Year - FirstYear,
            Month = time.Month - 1,
            DayOfMonth = time.Day,
            Hour = time.Hour,
            Minute = time.Minute,
            Second = time.Second,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    // The kernel refuses to hand out a time that is none, so the fields need no check here.
    private long Read()
    {
        Libc.RtcTime time = default;
        return Libc.IoctlRtc(_device, Libc.RTC_RD_TIME, ref time) < 0
            ? throw Errno.ToQapi($"cannot read hardware clock {_path}")
            : ToSeconds(time);
    }
}
