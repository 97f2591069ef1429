using EndToEnd.VirtualMachine;

namespace EndToEnd.Libvirt;

/// <summary>Freezing, snapshots and trimming through libvirt: seen by a writer in the guest, and in the image on the host.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtFreezeTests(LibvirtMachine guest)
{
    // What stat counts in.
    private const long BlockBytes = 512;

    private const string Overlay = "snapshot.qcow2";

    [Fact]
    public async Task Domfsfreeze_holds_every_writer_until_domfsthaw()
    {
        string froze = await guest.Virsh.DoAsync("domfsfreeze");
        string status = await StatusAsync();
        string states = await StartWritersAsync("/data", "/root");
        string written = await guest.Shell.DoAsync("cat /data/written /root/written 2>/dev/null || true");
        string thawed = await guest.Virsh.DoAsync("domfsthaw");

        Assert.Equal("Froze 3 filesystem(s)", froze);
        Assert.Equal("{\"return\":\"frozen\"}", status);
        Assert.Equal("held\nheld\n", states);
        Assert.Equal("", written);
        Assert.Equal("Thawed 3 filesystem(s)", thawed);
        Assert.Equal("{\"return\":\"thawed\"}", await StatusAsync());
        Assert.Equal("late\nlate\n", await FinishWritersAsync("/data", "/root"));
    }

    [Fact]
    public async Task Domfsfreeze_of_one_mount_point_holds_the_writers_there_alone()
    {
        string froze = await guest.Virsh.DoAsync("domfsfreeze", "--mountpoint", "/data");
        string states = await StartWritersAsync("/data");
        string elsewhere = await guest.Shell.DoAsync("echo there > /root/elsewhere; sync /root/elsewhere; cat /root/elsewhere; rm /root/elsewhere");
        string thawed = await guest.Virsh.DoAsync("domfsthaw");

        Assert.Equal("Froze 1 filesystem(s)", froze);
        Assert.Equal("held\n", states);
        Assert.Equal("there\n", elsewhere);
        Assert.Equal("Thawed 1 filesystem(s)", thawed);
        Assert.Equal("late\n", await FinishWritersAsync("/data"));
    }

    [Fact]
    public async Task While_frozen_a_trim_and_another_freeze_are_refused()
    {
        await guest.Virsh.DoAsync("domfsfreeze");

        VirshAnswer refused = await guest.Virsh.AskAsync("domfstrim");
        VirshAnswer again = await guest.Virsh.AskAsync("domfsfreeze");

        await guest.Virsh.DoAsync("domfsthaw");
        Assert.Equal(1, refused.Status);
        Assert.EndsWith(
            "unable to execute QEMU agent command 'guest-fstrim': Command guest-fstrim has been disabled: the command is not allowed",
            refused.Errors,
            StringComparison.Ordinal);
        Assert.Equal(1, again.Status);
        await guest.Virsh.DoAsync("domfstrim");
    }

    [Fact]
    public async Task A_quiesced_snapshot_leaves_a_clean_file_system_behind_and_one_that_is_not_does_not()
    {
        await guest.Shell.DoAsync("echo in the snapshot > /data/snapshot; sync");
        Assert.Contains("needs_recovery", await ReadFeaturesAsync(), StringComparison.Ordinal);

        await SnapshotAsync();
        string unquiesced = await ReadFeaturesAsync();
        await MergeAsync();

        await SnapshotAsync("--quiesce");
        string quiesced = await ReadFeaturesAsync();
        string check = await OnHostAsync("e2fsck -fn");
        string content = await OnHostAsync("debugfs -R 'cat /snapshot'");
        string after = await guest.Shell.DoAsync("echo after it > /data/after; sync; cat /data/snapshot /data/after");
        await MergeAsync();

        Assert.Contains("needs_recovery", unquiesced, StringComparison.Ordinal);
        Assert.DoesNotContain("needs_recovery", quiesced, StringComparison.Ordinal);
        Assert.Contains("has_journal", quiesced, StringComparison.Ordinal);
        Assert.DoesNotContain("recovering journal", check, StringComparison.Ordinal);
        Assert.Equal("in the snapshot", content);
        Assert.Equal("in the snapshot\nafter it\n", after);
        Assert.Equal("{\"return\":\"thawed\"}", await StatusAsync());
        await guest.Shell.DoAsync("rm /data/snapshot /data/after");
    }

    [Fact]
    public async Task Domfstrim_gives_the_host_its_blocks_back()
    {
        const long Ballast = 40_000_000 / BlockBytes;
        await guest.Shell.DoAsync("head -c 40000000 /dev/urandom > /data/ballast && sync && rm /data/ballast && sync");
        long deleted = await ReadBlocksAsync();

        await guest.Virsh.DoAsync("domfstrim");

        // The journal may have taken a few new ones meanwhile.
        Assert.InRange(deleted, Ballast, long.MaxValue);
        Assert.InRange(await ReadBlocksAsync(), 0, deleted - (Ballast * 9 / 10));
    }

    // For each writer "held" once it has waited in the kernel for five looks in a row: a page to read is there sooner. Or
    // "gone" when it has written.
    private async Task<string> StartWritersAsync(params string[] folders) => await guest.Shell.DoAsync(
        $"for f in {string.Join(' ', folders)}; do sh -c \"echo late > $f/written\" & w=$!; n=0; "
        + "while [ $n -lt 5 ] && grep -q '^State:.[^Z]' /proc/$w/status 2>/dev/null; do "
        + "if grep -q '^State:.D' /proc/$w/status 2>/dev/null; then n=$((n+1)); else n=0; fi; sleep 0.1; done; "
        + "if [ $n = 5 ]; then echo held; else echo gone; fi; done");

    private async Task<string> FinishWritersAsync(params string[] folders) => await guest.Shell.DoAsync(
        $"wait; for f in {string.Join(' ', folders)}; do cat $f/written; rm $f/written; done");

    private async Task<string> StatusAsync() =>
        await guest.Virsh.DoAsync("qemu-agent-command", "{\"execute\":\"guest-fsfreeze-status\"}");

    private async Task SnapshotAsync(params string[] more) => await guest.Virsh.DoAsync(
        "snapshot-create-as",
        [
            "--disk-only", "--no-metadata", "--diskspec", $"vdm,snapshot=external,file={guest.PathOf(Overlay)}",
            "--diskspec", "vda,snapshot=no", "--diskspec", "vdp,snapshot=no", "--diskspec", "vds,snapshot=no", .. more,
        ]);

    private async Task MergeAsync()
    {
        await guest.Virsh.DoAsync("blockcommit", "vdm", "--active", "--pivot", "--wait");
        File.Delete(guest.PathOf(Overlay));
    }

    private async Task<string> ReadFeaturesAsync() =>
        (await OnHostAsync("dumpe2fs -h")).Split('\n').First(line => line.StartsWith("Filesystem features:", StringComparison.Ordinal));

    // These are programs for root, in folders that not everybody's PATH has.
    private async Task<string> OnHostAsync(string program) =>
        await CommandLine.RunAsync("sh", "-c", $"PATH=$PATH:/usr/sbin:/sbin; {program} '{guest.DataImage}' 2>/dev/null");

    private async Task<long> ReadBlocksAsync() =>
        long.Parse(await CommandLine.RunAsync("stat", "--format", "%b", guest.DataImage), System.Globalization.CultureInfo.InvariantCulture);
}
