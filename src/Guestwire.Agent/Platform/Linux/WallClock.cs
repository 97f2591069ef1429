using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// The kernel's clock and <c>/dev/rtc0</c>. Where there is no such device, hwclock(8) is asked, should there be one: it knows
/// machines that we do not. When the kernel says that it has no hardware clock, there is none to set.
/// </summary>
/// <param name="helper">Runs hwclock.</param>
/// <param name="devices">The directory of device nodes.</param>
/// <param name="sysfs">Where sysfs is mounted.</param>
/// <param name="hwclock">The program.</param>
/// <param name="adjtime">Where hwclock notes whether the hardware clock runs in UTC or in local time: adjtime_config(5).</param>
[SupportedOSPlatform("linux")]
internal sealed class WallClock(
    IHelperProgram helper,
    string devices = "/dev",
    string sysfs = "/sys",
    string hwclock = "/sbin/hwclock",
    string adjtime = "/etc/adjtime") : IWallClock
{
    // The reference says so in both directions.
    private const string Action = "set hardware clock to system time";

    /// <inheritdoc/>
    public void Set(long seconds, long nanoseconds)
    {
        Libc.Timespec time = new() { Seconds = seconds, Nanoseconds = nanoseconds };
        if (Libc.ClockSetTime(Libc.CLOCK_REALTIME, time) < 0)
        {
            throw Errno.ToQapi("Failed to set time to guest");
        }
    }

    /// <inheritdoc/>
    public void SetFromHardware()
    {
        using RealTimeClock? clock = RealTimeClock.TryOpen(devices);
        if (clock is null)
        {
            helper.Run(new HelperStart(Action, hwclock, "-s"));
            return;
        }

        long time = clock.ReadAtTick();
        Set(RunsInLocalTime() ? time - OffsetOfLocal(time) : time, 0);
    }

    /// <inheritdoc/>
    public bool TrySetHardware()
    {
        using RealTimeClock? clock = RealTimeClock.TryOpen(devices);
        if (clock is not null)
        {
            // The seconds without their fraction: the clock of a PC begins its next second half a second after it was set, so that
            // it is right to half a second either way.
            Libc.ClockGetTime(Libc.CLOCK_REALTIME, out Libc.Timespec now);
            clock.Write(RunsInLocalTime() ? now.Seconds + OffsetAt(now.Seconds) : now.Seconds);
            return true;
        }

        // A kernel without support for such clocks does not have the directory, and knows nothing of what hwclock may find.
        if (PseudoFile.TryList(sysfs + "/class/rtc", out _) is [] || Libc.Access(hwclock, Libc.X_OK) != 0)
        {
            return false;
        }

        helper.Run(new HelperStart(Action, hwclock, "-w"));
        return true;
    }

    /// <summary>Whether the hardware clock shows local time, as other systems on the same machine may want it: the third line says LOCAL.</summary>
    internal bool RunsInLocalTime()
    {
        Span<byte> text = stackalloc byte[256];
        int count = PseudoFile.TryRead(adjtime, text, out _);
        TextLines lines = new(text[..Math.Max(count, 0)]);
        return lines.TryRead(out _) && lines.TryRead(out _) && lines.TryRead(out ReadOnlySpan<byte> third) && third.StartsWith("LOCAL"u8);
    }

    // The offset depends on the instant, and the instant on the offset: the second look is right but within an hour of a change.
    private static long OffsetOfLocal(long local) => OffsetAt(local - OffsetAt(local));

    private static long OffsetAt(long seconds)
    {
        Libc.TzSet();
        return Libc.LocalTime(seconds, out Libc.BrokenDownTime time) == 0 ? 0 : time.OffsetSeconds;
    }
}
