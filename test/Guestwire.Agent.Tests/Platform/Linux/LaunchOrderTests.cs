using System.Text;
using Guestwire.Agent.Platform.Linux;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class LaunchOrderTests
{
    private static readonly LaunchOrder s_order = new()
    {
        UserId = 1000,
        GroupId = 100,
        Groups = [100, 27],
        Folder = "/srv/ä",
        SearchPath = "/bin:/usr/bin",
        Program = "tool",
        Arguments = LaunchOrder.BlockOf(["tool", "", "two words"]),
        Environment = LaunchOrder.BlockOf(["A=1", "B="]),
    };

    [Fact]
    public void What_is_written_is_read()
    {
        LaunchOrder read = LaunchOrder.TryRead(s_order.ToBytes())!;

        Assert.Equal((1000u, 100u, "/srv/ä", "/bin:/usr/bin", "tool"), (read.UserId, read.GroupId, read.Folder, read.SearchPath, read.Program));
        Assert.Equal([100u, 27u], read.Groups);
        Assert.Equal("tool\0\0two words\0", Encoding.UTF8.GetString(read.Arguments.Span));
        Assert.Equal("A=1\0B=\0", Encoding.UTF8.GetString(read.Environment.Span));
    }

    [Fact]
    public void An_order_that_is_cut_short_before_its_environment_is_none()
    {
        byte[] bytes = s_order.ToBytes();
        int fixedPart = bytes.Length - s_order.Environment.Length;

        Assert.All(Enumerable.Range(0, fixedPart), length => Assert.Null(LaunchOrder.TryRead(bytes.AsMemory(0, length))));
        Assert.NotNull(LaunchOrder.TryRead(bytes.AsMemory(0, fixedPart)));
    }
}
