using Guestwire.Agent.Platform;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests.State;

public sealed class FreezePlannerTests
{
    private static readonly Mount Root = new(254, 0, "/", "ext4", "/dev/vda");
    private static readonly Mount Data = new(254, 16, "/data", "xfs", "/dev/vdb");

    private static readonly FreezeChoice s_all = new(FreezeSettings.Default);

    [Fact]
    public void The_last_mounted_freezes_first() => Assert.Equal(["/data", "/"], Plan([Root, Data]));

    [Fact]
    public void All_mounts_of_a_device_are_one_filesystem_at_the_place_of_the_first()
    {
        Mount bind = Root with { Mountpoint = "/bind" };
        FreezePlanner planner = new(new FixedMounts(Root, Data, bind), new FixedLoopDevices(), s_all);

        IReadOnlyList<FreezeTarget> plan = planner.Plan();

        Assert.Equal([[Data], [Root, bind]], plan.Select(target => target.Mounts));
        Assert.True(plan[1].IsAtAny(["/nope", "/bind"]));
        Assert.True(plan[1].IsAtAny(["/"]));
        Assert.False(plan[1].IsAtAny(["/bind/", ""]));
        Assert.False(plan[1].IsAtAny([]));
    }

    [Fact]
    public void A_filesystem_in_a_file_freezes_before_the_one_that_holds_the_file()
    {
        Mount inner = new(7, 0, "/inner", "ext4", "/dev/loop0");

        // Mounted before /data by its own name, then moved: the order of mounting does not help.
        Assert.Equal(["/inner", "/data", "/"], Plan([Root, inner, Data], (0, "/data/image")));
    }

    [Fact]
    public void A_chain_of_files_in_files_freezes_from_its_end()
    {
        Mount first = new(7, 0, "/first", "ext4", "/dev/loop0");
        Mount second = new(7, 1, "/second", "ext4", "/dev/loop1");
        Mount third = new(7, 2, "/third", "ext4", "/dev/loop2");

        Assert.Equal(
            ["/third", "/second", "/first", "/"],
            Plan([third, second, first, Root], (0, "/image"), (1, "/first/image"), (2, "/second/image")));
    }

    [Fact]
    public void The_longest_mountpoint_of_whole_names_holds_a_file()
    {
        Mount inner = new(7, 0, "/inner", "ext4", "/dev/loop0");
        Mount other = new(254, 32, "/data/more", "xfs", "/dev/vdc");

        Assert.Equal(["/inner", "/data", "/data/more", "/"], Plan([Root, inner, other, Data], (0, "/data/moreover")));
        Assert.Equal(["/data", "/inner", "/data/more", "/"], Plan([Root, inner, other, Data], (0, "/data/more/over")));
    }

    [Fact]
    public void Files_that_lie_in_each_other_do_not_lead_it_round_in_circles()
    {
        Mount one = new(7, 0, "/one", "ext4", "/dev/loop0");
        Mount two = new(7, 1, "/two", "ext4", "/dev/loop1");

        Assert.Equal(["/one", "/two"], Plan([one, two], (0, "/two/image"), (1, "/one/image")).Order());
    }

    [Fact]
    public void What_is_left_out_keeps_its_place_in_the_order()
    {
        // What lies on an excluded filesystem still lies on what that one lies on.
        Mount inner = new(7, 0, "/inner", "ext4", "/dev/loop0");
        Mount middle = new(7, 1, "/middle", "xfs", "/dev/loop1");
        FreezePlanner planner = new(
            new FixedMounts(inner, middle, Root), new FixedLoopDevices((0, "/middle/image"), (1, "/image")), new FreezeChoice(new FreezeSettings { Exclude = ["xfs"] }));

        IReadOnlyList<FreezeTarget> plan = planner.Plan();

        Assert.Equal(["/inner", "/middle", "/"], plan.Select(target => target.Mountpoint));
        Assert.Equal([null, "excluded by 'exclude' of the configuration", null], plan.Select(target => target.LeftOut));
    }

    private static IEnumerable<string> Plan(Mount[] mounts, params (uint Minor, string File)[] loops) =>
        new FreezePlanner(new FixedMounts(mounts), new FixedLoopDevices(loops), s_all).Plan().Select(target => target.Mounts[0].Mountpoint);
}
