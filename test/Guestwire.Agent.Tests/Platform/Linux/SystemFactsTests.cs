using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class SystemFactsTests : IDisposable
{
    private readonly FileTree _etc = new();

    public void Dispose() => _etc.Dispose();

    [Fact]
    public void The_named_file_is_the_only_one_read()
    {
        GuestOSInfo missing = new SystemFacts(TimeProvider.System, _etc.Root + "/os-release").ReadOperatingSystem();
        Assert.Null(missing.Id);
        Assert.NotNull(missing.KernelRelease);

        _etc.File(
            "os-release", "ID=debian\nNAME='Debian GNU/Linux'\nPRETTY_NAME=\"Debian 12\"\nVERSION=\"12 (x)\"\nVERSION_ID=12\nVARIANT=V\nVARIANT_ID=\n");
        GuestOSInfo found = new SystemFacts(TimeProvider.System, _etc.Root + "/os-release").ReadOperatingSystem();
        Assert.Equal(
            ("debian", "Debian GNU/Linux", "Debian 12", "12 (x)", "12", "V", ""),
            (found.Id, found.Name, found.PrettyName, found.Version, found.VersionId, found.Variant, found.VariantId));
    }

    [Fact]
    public void The_kernel_describes_itself_as_in_its_own_files()
    {
        GuestOSInfo system = new SystemFacts(TimeProvider.System, null).ReadOperatingSystem();

        Assert.Equal(File.ReadAllText("/proc/sys/kernel/osrelease").TrimEnd(), system.KernelRelease);
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/version").TrimEnd(), system.KernelVersion);
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/hostname").TrimEnd(), new SystemFacts(TimeProvider.System, null).ReadHostName());
    }

    [Fact]
    public void The_time_zone_is_that_of_the_given_moment()
    {
        FixedTime time = new();

        Assert.Equal(TimeZoneInfo.Local.GetUtcOffset(time.GetUtcNow()).TotalSeconds, new SystemFacts(time, null).ReadTimezone().Offset);
    }

    [Fact]
    public void The_load_is_never_negative()
    {
        GuestLoadAverage load = new SystemFacts(TimeProvider.System, null).ReadLoad();

        Assert.True(load.Load1m >= 0 && load.Load5m >= 0 && load.Load15m >= 0);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    }
}
