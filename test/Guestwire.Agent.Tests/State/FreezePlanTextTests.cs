using Guestwire.Agent.Platform;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests.State;

public sealed class FreezePlanTextTests
{
    [Fact]
    public void The_order_the_other_places_and_what_is_left_out_are_told()
    {
        FixedMounts mounts = new(
            new Mount(0, 21, "/proc", "proc", "proc"),
            new Mount(254, 1, "/", "ext4", "/dev/vda1"),
            new Mount(254, 1, "/srv", "ext4", "/dev/vda1"),
            new Mount(254, 1, "/bind", "ext4", "/dev/vda1"),
            new Mount(0, 45, "/net", "nfs4", "server:/export"),
            new Mount(7, 0, "/inner", "xfs", "/dev/loop0"),
            new Mount(254, 16, "/scratch", "ext4", "/dev/vdb"),
            new Mount(254, 32, "/windows", "fuseblk", "/dev/vdc"));
        FreezePlanner planner = new(mounts, new FixedLoopDevices((0, "/image")), new FreezeChoice(new FreezeSettings { Exclude = ["/scratch"] }));

        string text = FreezePlanText.Write(planner.Plan(), mounts.ReadOthers());

        Assert.Equal(
            """
            1. /inner: xfs on /dev/loop0
            2. /: ext4 on /dev/vda1, also at /srv, /bind
            left out: /windows: fuseblk is served by a program and cannot freeze
            left out: /scratch: excluded by 'exclude' of the configuration
            left out: /proc: proc is not on a local block device
            left out: /net: nfs4 is not on a local block device

            """,
            text);
    }
}
