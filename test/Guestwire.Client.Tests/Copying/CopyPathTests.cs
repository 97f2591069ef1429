using Guestwire.Client.Copying;
using Guestwire.Protocol;

namespace Guestwire.Client.Tests.Copying;

public sealed class CopyPathTests
{
    [Theory]
    [InlineData("/a/b", "b")]
    [InlineData("/a/b//", "b")]
    [InlineData("b", "b")]
    [InlineData("/", "")]
    [InlineData(".", "")]
    [InlineData("/a/..", "")]
    [InlineData("/a/.", "")]
    public void A_name_is_the_last_part_that_says_something(string path, string name) => Assert.Equal(name, CopyPath.NameOf(path));

    [Theory]
    [InlineData("/a/b", "/a")]
    [InlineData("/a", "/")]
    [InlineData("a", ".")]
    public void A_folder_is_what_is_before_the_name(string path, string folder) => Assert.Equal(folder, CopyPath.FolderOf(path));

    [Fact]
    public void A_partial_file_lies_beside_its_target_and_is_found_again()
    {
        string partial = CopyPath.PartialOf("/a/b", Status(sizeBytes: 5, modifiedNs: 7));

        Assert.StartsWith("/a/.guestwire-", partial, StringComparison.Ordinal);
        Assert.Equal(partial, CopyPath.PartialOf("/a/b", Status(sizeBytes: 5, modifiedNs: 7)));
    }

    [Fact]
    public void A_partial_file_of_another_source_has_another_name()
    {
        string partial = CopyPath.PartialOf("/a/b", Status(sizeBytes: 5, modifiedNs: 7));

        Assert.NotEqual(partial, CopyPath.PartialOf("/a/b", Status(sizeBytes: 6, modifiedNs: 7)));
        Assert.NotEqual(partial, CopyPath.PartialOf("/a/b", Status(sizeBytes: 5, modifiedNs: 8)));
        Assert.NotEqual(partial, CopyPath.PartialOf("/a/c", Status(sizeBytes: 5, modifiedNs: 7)));
    }

    [Fact]
    public void A_partial_file_of_the_longest_name_has_a_name_that_fits()
    {
        string partial = CopyPath.PartialOf("/a/" + new string('n', 255), Status(sizeBytes: 5, modifiedNs: 7));

        Assert.True(CopyPath.NameOf(partial).Length < 64);
    }

    private static GuestwireFileStatus Status(long sizeBytes, long modifiedNs) => new()
    {
        Type = GuestwireFileType.Regular,
        Mode = 0x1A4,
        UserId = 0,
        GroupId = 0,
        SizeBytes = sizeBytes,
        AllocatedBytes = sizeBytes,
        ModifiedNs = modifiedNs,
        AccessedNs = 0,
        ChangedNs = 0,
        Links = 1,
        Device = 1,
        Inode = 1,
    };
}
