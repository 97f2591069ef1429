using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class MountTableTests : IDisposable
{
    private readonly FileTree _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Only_filesystems_on_a_device_count_and_each_device_once()
    {
        _proc.File(
            "self/mountinfo",
            """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard
            30 27 254:0 /srv /mnt/bind rw - ext4 /dev/vda rw
            31 27 7:3 / /mnt/sp\040ace\303\251 ro - xfs /dev/loop3 ro
            32 27 0:40 / /mnt/btrfs rw - btrfs /dev/no-such-device rw

            """);

        Assert.Equal(
            [new Mount(254, 0, "/", "ext4", "/dev/vda", 27), new Mount(7, 3, "/mnt/sp aceé", "xfs", "/dev/loop3", 31)],
            new MountTable(_proc.Root).Read());
    }

    [Fact]
    public void Every_mount_of_a_device_can_be_had_too()
    {
        _proc.File(
            "self/mountinfo",
            """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard
            30 27 254:0 /srv /mnt/bind rw - ext4 /dev/vda rw

            """);

        Assert.Equal(
            [new Mount(254, 0, "/", "ext4", "/dev/vda", 27), new Mount(254, 0, "/mnt/bind", "ext4", "/dev/vda", 30)],
            new MountTable(_proc.Root).ReadAll());
        Assert.Equal(["/proc"], new MountTable(_proc.Root).ReadOthers().Select(mount => mount.Mountpoint));
    }

    [Theory]
    [InlineData("28 27 0:50 / /net rw - nfs4 server:/x rw", "/net/disk")]
    [InlineData("28 27 0:50 / /net\\040a rw - fuse.sshfs x rw", "/net\\040a/b/disk")]
    [InlineData("28 27 0:50 / / rw - 9p x rw", "/disk")]
    [InlineData("28 27 0:50 / /later rw - autofs x rw", "/later/disk")]
    public void What_lies_beyond_another_machine_or_a_program_may_hang(string doubtful, string mountpoint)
    {
        string root = "27 1 254:0 / / rw - ext4 /dev/vda rw";
        string disk = $"29 28 8:1 / {mountpoint} rw - xfs /dev/sda1 rw";
        _proc.File("self/mountinfo", $"{root}\n{doubtful}\n{disk}\n");
        _proc.File("other/self/mountinfo", $"{root}\n{disk}\n{doubtful}");

        Assert.True(new MountTable(_proc.Root).Read()[1].MayHang);
        Assert.True(new MountTable(_proc.Root + "/other").Read()[1].MayHang);
    }

    [Fact]
    public void What_the_kernel_serves_does_not_hang_for_what_lies_beside_it()
    {
        _proc.File(
            "self/mountinfo",
            """
            27 1 254:0 / / rw - ext4 /dev/vda rw
            22 27 0:21 / /sys rw - sysfs sysfs rw
            23 22 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
            28 27 0:50 / /net rw - nfs4 server:/x rw
            29 27 8:1 / /network rw - xfs /dev/sda1 rw
            30 27 8:2 / /program rw - fuseblk /dev/sda2 rw
            """);

        Assert.Equal(
            [("/", false), ("/network", false), ("/program", true)],
            new MountTable(_proc.Root).Read().Select(mount => (mount.Mountpoint, mount.MayHang)));
    }

    [Fact]
    public void A_table_may_have_more_mounts_and_longer_lines_than_one_read_takes()
    {
        IEnumerable<string> lines = Enumerable.Range(0, 5000).Select(i =>
            $"{i + 30} 27 {8 + (i / 1000)}:{i % 10} /a /mnt/{i}{new string('x', i)} rw - ext4 /dev/sda rw");
        _proc.File("self/mountinfo", string.Join('\n', lines));

        Assert.Equal(50, new MountTable(_proc.Root).Read().Count);
        Assert.Equal(5000, new MountTable(_proc.Root).ReadAll().Count);
        Assert.Equal(5004, new MountTable(_proc.Root).ReadAll()[4995].Mountpoint.Length);
    }

    [Fact]
    public void The_older_table_is_read_when_the_newer_is_missing()
    {
        _proc.File("self/mounts", "proc /proc proc rw 0 0\n/dev/no-such-device / ext4 rw 0 0\n//host/share /mnt cifs rw 0 0\n");

        Assert.Empty(new MountTable(_proc.Root).Read());
    }

    [Fact]
    public void Without_a_table_the_error_names_the_last_one_tried()
    {
        QapiException error = Assert.Throws<QapiException>(() => new MountTable(_proc.Root).Read());
        Assert.Equal($"failed to open mtab file: '{_proc.Root}/self/mounts'", error.Message);
    }

    [Theory]
    [InlineData("""/a\040b""", "/a b")]
    [InlineData("""/a\134b""", """/a\b""")]
    [InlineData("""/a\0""", """/a\0""")]
    [InlineData("""/a\09""", """/a\09""")]
    [InlineData("""/a\777b""", """/a\777b""")]
    [InlineData("""\""", """\""")]
    public void Octal_escapes_are_undone(string field, string expected) =>
        Assert.Equal(expected, MountText.Decode(System.Text.Encoding.ASCII.GetBytes(field)));

    [Theory]
    [InlineData("27 1 254:0 / / rw shared:1")]
    [InlineData("27 1 254 / / rw - ext4 /dev/vda rw")]
    [InlineData("27 1 254:0x / / rw - ext4 /dev/vda rw")]
    [InlineData("27 1 254:0 / / rw - ext4")]
    [InlineData("x27 1 254:0 / / rw - ext4 /dev/vda rw")]
    [InlineData("27x 1 254:0 / / rw - ext4 /dev/vda rw")]
    [InlineData("27 1 99999999999:0 / / rw - ext4 /dev/vda rw")]
    public void A_broken_line_is_passed_over(string line) => Assert.Empty(MountText.ParseMountInfo(System.Text.Encoding.ASCII.GetBytes(line)));

    [Fact]
    public void The_older_table_leaves_out_what_is_no_path_and_what_is_a_Windows_share() => Assert.Equal(
        [new Mount(0, MountText.UnknownMinor, "/", "ext4", "/dev/vda")],
        MountText.ParseMounts("none /x tmpfs rw 0 0\n/dev/vda / ext4 rw 0 0\n//h/s /s cifs rw 0 0\n//h/s /s smbfs rw 0 0\n/dev/x\n"u8));
}
