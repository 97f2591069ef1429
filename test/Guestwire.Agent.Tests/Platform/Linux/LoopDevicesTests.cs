using Guestwire.Agent.Platform.Linux;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class LoopDevicesTests : IDisposable
{
    private readonly FileTree _sys = new FileTree()
        .File("devices/virtual/block/loop3/loop/backing_file", "/srv/my image\n")
        .Folder("devices/virtual/block/loop3/loop3p1")
        .Folder("devices/virtual/block/loop4")
        .Link("dev/block/7:3", "devices/virtual/block/loop3")
        .Link("dev/block/259:0", "devices/virtual/block/loop3/loop3p1")
        .Link("dev/block/7:4", "devices/virtual/block/loop4");

    public void Dispose() => _sys.Dispose();

    [Theory]
    [InlineData(7, 3, "/srv/my image")]
    [InlineData(259, 0, "/srv/my image")]
    [InlineData(7, 4, null)]
    [InlineData(8, 0, null)]
    public void A_loop_device_and_its_partitions_lie_in_a_file(uint major, uint minor, string? file) =>
        Assert.Equal(file, new LoopDevices(_sys.Root).FindBackingFile(major, minor));
}
