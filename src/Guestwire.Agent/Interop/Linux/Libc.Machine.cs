using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>What changes the machine: its clocks, the blocks that its filesystems give back.</summary>
internal static partial class Libc
{
    /// <summary>The wall clock, for clock_settime(2). Source: bits/time.h.</summary>
    internal const int CLOCK_REALTIME = 0;

    /// <summary><c>_IOR('p', 0x09, struct rtc_time)</c>: read the hardware clock. Source: linux/rtc.h, rtc(4).</summary>
    internal const nuint RTC_RD_TIME = 0x80247009;

    /// <summary><c>_IOW('p', 0x0a, struct rtc_time)</c>: set the hardware clock. Source: linux/rtc.h, rtc(4).</summary>
    internal const nuint RTC_SET_TIME = 0x4024700A;

    /// <summary><c>_IOWR('X', 121, struct fstrim_range)</c>: discard what a filesystem does not use. Source: linux/fs.h.</summary>
    internal const nuint FITRIM = 0xC0185879;

    /// <summary>For access(2): may this be executed? Source: unistd.h.</summary>
    internal const int X_OK = 1;

    /// <summary>For access(2): is there anything? Source: unistd.h.</summary>
    internal const int F_OK = 0;

    [LibraryImport(Library, EntryPoint = "clock_settime", SetLastError = true)]
    internal static partial int ClockSetTime(int clock, in Timespec time);

    [LibraryImport(Library, EntryPoint = "clock_gettime", SetLastError = true)]
    internal static partial int ClockGetTime(int clock, out Timespec time);

    [LibraryImport(Library, EntryPoint = "access", SetLastError = true)]
    internal static partial int Access([MarshalUsing(typeof(PathMarshaller))] string path, int mode);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int IoctlRtc(SafeFileHandle clock, nuint request, ref RtcTime time);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int IoctlTrim(SafeFileHandle file, nuint request, ref TrimRange range);

    /// <summary><c>struct rtc_time</c>: a calendar time without a time zone. Source: linux/rtc.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct RtcTime
    {
        internal int Second;
        internal int Minute;
        internal int Hour;
        internal int DayOfMonth;

        /// <summary>From 0.</summary>
        internal int Month;

        /// <summary>Since 1900.</summary>
        internal int Year;

        // Day of the week, day of the year, summer time: the kernel neither wants nor fills them dependably.
        private readonly int _dayOfWeek;
        private readonly int _dayOfYear;
        private readonly int _isSummerTime;
    }

    /// <summary><c>struct fstrim_range</c>, all in bytes. Source: linux/fs.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TrimRange
    {
        internal ulong Start;

        /// <summary>How far to look; on return, how much was discarded.</summary>
        internal ulong Length;

        /// <summary>Free ranges below this are passed over; on return, what the filesystem made of it.</summary>
        internal ulong Minimum;
    }
}
