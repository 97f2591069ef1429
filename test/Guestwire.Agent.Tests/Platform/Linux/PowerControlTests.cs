using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class PowerControlTests : IDisposable
{
    private readonly FileTree _root = new();
    private readonly NotedPrograms _programs = new();
    private readonly PowerControl _power;

    public PowerControlTests() => _power = new PowerControl(_programs, $"{_root.Root}/sbin", _root.Root);

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData(ShutdownMode.PowerDown, "poweroff")]
    [InlineData(ShutdownMode.Halt, "halt")]
    [InlineData(ShutdownMode.Reboot, "reboot")]
    internal void The_program_for_the_mode_is_run_without_arguments(ShutdownMode mode, string program)
    {
        string path = Executable($"sbin/{program}");
        _programs.Ends(path, 0);
        _power.ShutDown(mode);

        Assert.Equal([path], _programs.Ran);
    }

    [Theory]
    [InlineData(ShutdownMode.PowerDown, "-P")]
    [InlineData(ShutdownMode.Halt, "-H")]
    [InlineData(ShutdownMode.Reboot, "-r")]
    internal void Without_it_shutdown_is_run(ShutdownMode mode, string flag)
    {
        _root.File("sbin/poweroff", "not executable");
        _programs.Ends($"{_root.Root}/sbin/shutdown", 0);
        _power.ShutDown(mode);

        Assert.Equal([$"{_root.Root}/sbin/shutdown -h {flag} +0 hypervisor initiated shutdown"], _programs.Ran);
    }

    [Fact]
    public void A_system_without_these_programs_says_which_is_missing() => Assert.Equal(
        $"child process has failed to shutdown: failed to exec '{_root.Root}/sbin/shutdown': No such file or directory\n",
        Assert.Throws<QapiException>(() => _power.ShutDown(ShutdownMode.PowerDown)).Message);

    [Theory]
    [InlineData(SuspendMode.Disk, "systemd-hibernate", "hibernate")]
    [InlineData(SuspendMode.Ram, "systemd-suspend", "suspend")]
    [InlineData(SuspendMode.Hybrid, "systemd-hybrid-sleep", "hybrid-sleep")]
    internal void With_systemd_the_rest_is_not_asked(SuspendMode mode, string unit, string verb)
    {
        Kernel("freeze mem disk\n");
        _programs.Ends($"systemctl status {unit}", 3).Ends($"systemctl {verb}", 0);
        _power.Suspend(mode);

        Assert.Equal([$"systemctl status {unit}", $"systemctl {verb}"], _programs.Ran);
        Assert.Equal("freeze mem disk\n", Kernel());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_unit_that_is_missing_or_busy_is_not_used(int status)
    {
        _programs.Ends("systemctl status systemd-suspend", status).Ends("pm-is-supported --suspend", 0).Ends("pm-suspend", 0);
        _power.Suspend(SuspendMode.Ram);

        Assert.Equal(["systemctl status systemd-suspend", "pm-is-supported --suspend", "pm-suspend"], _programs.Ran);
    }

    [Theory]
    [InlineData(SuspendMode.Disk, "disk")]
    [InlineData(SuspendMode.Ram, "mem")]
    internal void With_neither_the_kernel_is_told(SuspendMode mode, string word)
    {
        Kernel("freeze mem disk\n");
        _power.Suspend(mode);

        Assert.StartsWith(word, Kernel(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SuspendMode.Disk)]
    [InlineData(SuspendMode.Ram)]
    [InlineData(SuspendMode.Hybrid)]
    internal void What_nobody_can_do_is_not_supported(SuspendMode mode)
    {
        Kernel("freeze members\n");

        Assert.Equal(
            "the requested suspend mode is not supported by the guest", Assert.Throws<QapiException>(() => _power.Suspend(mode)).Message);
    }

    [Fact]
    public void A_way_that_fails_leads_to_the_next_and_success_is_silent()
    {
        Kernel("mem\n");
        _programs.Ends("systemctl status systemd-suspend", 3).Ends("systemctl suspend", 1).Ends("pm-is-supported --suspend", 0).Ends("pm-suspend", 7);
        _power.Suspend(SuspendMode.Ram);

        Assert.StartsWith("mem", Kernel(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "the helper program 'systemctl suspend' returned an unexpected exit status code (1)")]
    [InlineData(null, "child process has terminated abnormally")]
    public void When_all_fail_or_are_missing_the_first_failure_is_told(int? exitCode, string expected)
    {
        _programs.Ends("systemctl status systemd-suspend", 3).Ends("systemctl suspend", exitCode)
            .Ends("pm-is-supported --suspend", 0).Ends("pm-suspend", 7);

        Assert.Equal(expected, Assert.Throws<QapiException>(() => _power.Suspend(SuspendMode.Ram)).Message);
    }

    [Fact]
    public void A_program_that_vanished_is_named()
    {
        _programs.Ends("pm-is-supported --hibernate", 0);

        Assert.Equal(
            "the helper program 'pm-hibernate' was not found",
            Assert.Throws<QapiException>(() => _power.Suspend(SuspendMode.Disk)).Message);
    }

    private string Executable(string path)
    {
        string full = Path.Combine(_root.File(path, "").Root, path);
        File.SetUnixFileMode(full, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return full;
    }

    private void Kernel(string states) => _root.File("power/state", states);

    private string Kernel() => File.ReadAllText($"{_root.Root}/power/state");
}
