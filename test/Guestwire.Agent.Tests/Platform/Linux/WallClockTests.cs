using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class WallClockTests : IDisposable
{
    private readonly FileTree _root = new();
    private readonly NotedPrograms _programs = new();
    private readonly WallClock _clock;

    public WallClockTests() => _clock = new WallClock(_programs, _root.Root, _root.Root, Hwclock, $"{_root.Root}/adjtime");

    private string Hwclock => $"{_root.Root}/hwclock";

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Without_a_device_hwclock_is_asked()
    {
        AddHwclock(0);
        _clock.SetFromHardware();

        Assert.True(_clock.TrySetHardware());
        Assert.Equal([$"{Hwclock} -s", $"{Hwclock} -w"], _programs.Ran);
    }

    [Fact]
    public void A_kernel_that_has_no_hardware_clock_is_believed()
    {
        AddHwclock(5);
        _root.Folder("class/rtc");

        Assert.False(_clock.TrySetHardware());
        Assert.Empty(_programs.Ran);
    }

    [Fact]
    public void When_hwclock_fails_so_does_the_command()
    {
        AddHwclock(5);
        const string Expected = "child process has failed to set hardware clock to system time: exit status 5";

        Assert.Equal(Expected, Assert.Throws<QapiException>(_clock.SetFromHardware).Message);
        Assert.Equal(Expected, Assert.Throws<QapiException>(() => _clock.TrySetHardware()).Message);
    }

    [Fact]
    public void With_neither_there_is_nothing_to_set_and_nothing_to_read()
    {
        Assert.False(_clock.TrySetHardware());
        Assert.Equal(
            $"child process has failed to set hardware clock to system time: failed to exec '{Hwclock}': No such file or directory\n",
            Assert.Throws<QapiException>(_clock.SetFromHardware).Message);
    }

    [Fact]
    public void A_device_that_does_not_answer_as_a_clock_is_named()
    {
        _root.File("rtc0", "");

        Assert.Equal(
            $"cannot set hardware clock {_root.Root}/rtc0: Inappropriate ioctl for device",
            Assert.Throws<QapiException>(() => _clock.TrySetHardware()).Message);
        Assert.Equal(
            $"cannot read hardware clock {_root.Root}/rtc0: Inappropriate ioctl for device",
            Assert.Throws<QapiException>(_clock.SetFromHardware).Message);
        Assert.Empty(_programs.Ran);
    }

    [Theory]
    [InlineData("0.0 0 0.0\n0\nLOCAL\n", true)]
    [InlineData("0.0 0 0.0\n0\nLOCAL", true)]
    [InlineData("0.0 0 0.0\n0\nUTC\n", false)]
    [InlineData("0.0 0 0.0\n", false)]
    [InlineData("", false)]
    public void The_third_line_of_adjtime_says_what_the_hardware_clock_shows(string text, bool local)
    {
        _root.File("adjtime", text);

        Assert.Equal(local, _clock.RunsInLocalTime());
    }

    [Fact]
    public void Without_adjtime_it_shows_UTC() => Assert.False(_clock.RunsInLocalTime());

    [Theory]
    [InlineData(0)]
    [InlineData(951_782_399)] // 2000-02-28 23:59:59
    [InlineData(951_868_800)] // 2000-03-01
    [InlineData(3_155_759_999)] // 2069-12-31 23:59:59
    public void Calendar_and_seconds_agree(long seconds) =>
        Assert.Equal(seconds, RealTimeClock.ToSeconds(RealTimeClock.ToCalendar(seconds)));

    [Fact]
    public void The_calendar_counts_months_from_0_and_years_from_1900()
    {
        var time = RealTimeClock.ToCalendar(951_827_696);

        Assert.Equal((100, 1, 29, 12, 34, 56), (time.Year, time.Month, time.DayOfMonth, time.Hour, time.Minute, time.Second));
    }

    private void AddHwclock(int exitCode)
    {
        _root.File("hwclock", "");
        File.SetUnixFileMode(Hwclock, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _programs.Ends(Hwclock, exitCode);
    }
}
