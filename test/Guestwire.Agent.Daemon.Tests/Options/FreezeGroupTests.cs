using System.Text;
using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Daemon.Tests.Options;

public sealed class FreezeGroupTests
{
    private const string Everything =
        """
        [freeze]
        freeze-timeout=60
        filesystem-timeout=7
        auto-thaw=3600
        auto-thaw-idle=90
        exclude=/var/lib/docker/, xfs,/
        include=ext4
        hook-directory=/srv/hooks
        hook-timeout=0

        """;

    [Fact]
    public void Every_key_reaches_its_place()
    {
        FreezeSettings freeze = Load(Everything).Freeze;

        Assert.Equal(TimeSpan.FromSeconds(60), freeze.FreezeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(7), freeze.FilesystemTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3600), freeze.AutoThaw);
        Assert.Equal(TimeSpan.FromSeconds(90), freeze.AutoThawIdle);
        Assert.Equal(["/var/lib/docker", "xfs", "/"], freeze.Exclude);
        Assert.Equal(["ext4"], freeze.Include);
        Assert.Equal("/srv/hooks", freeze.HookDirectory);
        Assert.Null(freeze.HookTimeout);
    }

    [Theory]
    [InlineData("[general]\nverbose=true\n")]
    [InlineData("[freeze]\n")]
    [InlineData("[freeze]\nauto-thaw=0\nexclude=\ninclude= \nfreeze-timeout=300 \n")]
    public void What_is_not_said_stays_as_it_was(string text) => Assert.Equal(FreezeSettings.Default, Load(text).Freeze);

    [Fact]
    public void Deadlines_hold_and_no_thaw_comes_by_itself_when_nothing_is_said()
    {
        FreezeSettings freeze = FreezeSettings.Default;

        Assert.Equal(TimeSpan.FromSeconds(300), freeze.FreezeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(120), freeze.FilesystemTimeout);
        Assert.Equal(TimeSpan.FromSeconds(120), freeze.HookTimeout);
        Assert.Null(freeze.AutoThaw);
        Assert.Null(freeze.AutoThawIdle);
        Assert.Equal("/etc/qemu/fsfreeze-hook.d", freeze.HookDirectory);
    }

    [Fact]
    public void Dumped_it_means_the_same()
    {
        string dump = ConfigurationDump.Write(Load(Everything));

        Assert.EndsWith(
            """

            [freeze]
            freeze-timeout=60
            filesystem-timeout=7
            auto-thaw=3600
            auto-thaw-idle=90
            exclude=/var/lib/docker,xfs,/
            include=ext4
            hook-directory=/srv/hooks
            hook-timeout=0

            """,
            dump,
            StringComparison.Ordinal);
        Assert.Equal(dump, ConfigurationDump.Write(Load(dump)));
    }

    [Theory]
    [InlineData("[freeze]\nauto-thaw=soon\n", "line 2: key 'auto-thaw' of group 'freeze': 'soon' is not a number of whole seconds from 0 to 86400")]
    [InlineData("[freeze]\nauto-thaw-idle=-1\n", "line 2: key 'auto-thaw-idle' of group 'freeze': '-1' is not a number of whole seconds from 0 to 86400")]
    [InlineData("[freeze]\n\nfreeze-timeout=1.5\n", "line 3: key 'freeze-timeout' of group 'freeze': '1.5' is not a number of whole seconds from 0 to 86400")]
    [InlineData("[freeze]\nfilesystem-timeout=86401\n", "line 2: key 'filesystem-timeout' of group 'freeze': '86401' is not a number of whole seconds from 0 to 86400")]
    [InlineData("[freeze]\nhook-timeout=\n", "line 2: key 'hook-timeout' of group 'freeze': '' is not a number of whole seconds from 0 to 86400")]
    [InlineData("[freeze]\nhook-directory=hooks\n", "line 2: key 'hook-directory' of group 'freeze': 'hooks' is not an absolute path")]
    [InlineData("[freeze]\nexclude=/a,,/b\n", "line 2: key 'exclude' of group 'freeze': a name is missing between two commas")]
    [InlineData("[freeze]\nexclude=srv/data\n", "line 2: key 'exclude' of group 'freeze': 'srv/data' is neither the type of a filesystem nor an absolute path without '//', '.' and '..'")]
    [InlineData("[freeze]\ninclude=/a/../b\n", "line 2: key 'include' of group 'freeze': '/a/../b' is neither the type of a filesystem nor an absolute path without '//', '.' and '..'")]
    [InlineData("[freeze]\nauto-thaw=1\nauto-thaw=2\n", "line 3: key 'auto-thaw' of group 'freeze' comes twice")]
    [InlineData("[freeze]\nauto-taw=1\n", "line 2: unknown key 'auto-taw' in group 'freeze'; did you mean 'auto-thaw'?")]
    [InlineData("[freeze]\nnonsense=1\n", "line 2: unknown key 'nonsense' in group 'freeze'")]
    [InlineData("[freez]\nauto-thaw=1\n", "line 1: unknown group 'freez'; did you mean 'freeze'?")]
    public void A_typing_error_is_an_error_with_its_line(string text, string reason)
    {
        Assert.False(ConfigurationFile.TryParse(Encoding.UTF8.GetBytes(text), out _, out string? found));

        Assert.Equal(reason, found);
    }

    private static AgentOptions Load(string text)
    {
        Assert.True(ConfigurationFile.TryParse(Encoding.UTF8.GetBytes(text), out ConfigurationFile? file, out string? reason), reason);
        Assert.Empty(file.Warnings);
        return file.Options;
    }
}
