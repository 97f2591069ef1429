using Guestwire.Agent.State;
using Guestwire.Agent.Tests.Platform.Linux;

namespace Guestwire.Agent.Tests.State;

public sealed class FreezeMarkerTests : IDisposable
{
    private const string BootId = "0b4a54c6-95a4-4ba0-a2b0-8e2e6a7cbf11";

    private readonly FileTree _tree = new FileTree().File("boot_id", BootId + "\n");

    private string MarkerPath => Path.Combine(_tree.Root, "qga.state.isfrozen");

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void It_comes_and_goes()
    {
        FreezeMarker marker = Create();
        Assert.Equal(MarkerStatus.Absent, marker.Read());

        Assert.Null(marker.Set());
        Assert.Equal(MarkerStatus.OfThisBoot, marker.Read());
        Assert.Equal(BootId + "\n", File.ReadAllText(MarkerPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(MarkerPath));

        marker.Remove();
        Assert.Equal(MarkerStatus.Absent, marker.Read());
    }

    [Fact]
    public void One_of_an_earlier_boot_is_known_as_such()
    {
        Create().Set();
        _tree.File("boot_id", "11111111-95a4-4ba0-a2b0-8e2e6a7cbf11\n");

        Assert.Equal(MarkerStatus.OfAnotherBoot, Create().Read());
    }

    [Theory]
    [InlineData("")]
    [InlineData("frozen\n")]
    [InlineData(BootId + BootId)]
    public void One_without_a_boot_id_may_be_of_this_boot(string content)
    {
        _tree.File("qga.state.isfrozen", content);

        Assert.Equal(MarkerStatus.Unknown, Create().Read());
    }

    [Fact]
    public void One_that_cannot_be_read_may_be_of_this_boot()
    {
        _tree.Folder("qga.state.isfrozen");

        Assert.Equal(MarkerStatus.Unknown, Create().Read());
    }

    [Fact]
    public void Without_a_boot_id_it_is_as_the_reference_has_it()
    {
        File.Delete(Path.Combine(_tree.Root, "boot_id"));

        Assert.Null(Create().Set());

        Assert.Equal("", File.ReadAllText(MarkerPath));
        Assert.Equal(MarkerStatus.Unknown, Create().Read());
    }

    [Fact]
    public void Where_it_cannot_be_set_that_is_told() => Assert.Equal(
        $"failed to create '{_tree.Root}/none/qga.state.isfrozen': No such file or directory",
        new FreezeMarker(_tree.Root + "/none").Set());

    private FreezeMarker Create() => new(_tree.Root, Path.Combine(_tree.Root, "boot_id"));
}
