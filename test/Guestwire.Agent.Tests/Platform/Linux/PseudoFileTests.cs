using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class PseudoFileTests : IDisposable
{
    private readonly FileTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_file_is_read_whole_however_many_pieces_it_takes()
    {
        string text = string.Concat(Enumerable.Range(0, 50_000));
        _tree.File("file", text);

        using ByteBuffer? content = PseudoFile.TryRead(_tree.Root + "/file", out int errno);

        Assert.Equal(0, errno);
        Assert.True(content!.Bytes.SequenceEqual(System.Text.Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void A_source_without_end_is_cut()
    {
        using ByteBuffer? content = PseudoFile.TryRead("/dev/zero", out _);

        Assert.InRange(content!.Count, PseudoFile.MaxBytes, PseudoFile.MaxBytes * 2);
    }

    [Fact]
    public void What_cannot_be_read_says_why()
    {
        Assert.Null(PseudoFile.TryRead(_tree.Root + "/missing", out int missing));
        Assert.Null(PseudoFile.TryRead(_tree.Root, out int directory));
        Assert.Null(PseudoFile.TryList(_tree.Root + "/missing", out int noDirectory));

        Assert.Equal((Errno.ENOENT, Errno.EISDIR, Errno.ENOENT), (missing, directory, noDirectory));
    }

    [Fact]
    public void A_link_names_what_it_points_to()
    {
        _tree.Link("driver", "bus/pci/drivers/ahci").File("file", "");

        Assert.Equal("ahci", PseudoFile.TryLinkName(_tree.Root + "/driver"));
        Assert.Null(PseudoFile.TryLinkName(_tree.Root + "/file"));
        Assert.Null(PseudoFile.TryResolve(_tree.Root + "/driver"));
        Assert.Equal(_tree.Root + "/file", PseudoFile.TryResolve(_tree.Root + "/./file"));
    }
}
