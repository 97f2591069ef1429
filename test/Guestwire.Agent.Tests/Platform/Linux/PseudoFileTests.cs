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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(FileText.UsualBytes - 1)]
    [InlineData(FileText.UsualBytes)]
    [InlineData(FileText.UsualBytes + 1)]
    [InlineData(100_000)]
    public void A_text_is_whole_whether_or_not_it_fits_the_buffer(int length)
    {
        string expected = new('x', length);
        _tree.File("text", expected);

        Assert.True(FileText.TryRead(_tree.Root + "/text", new byte[FileText.UsualBytes], out FileText text));
        using (text)
        {
            Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(text.Bytes));
        }
    }

    [Fact]
    public void A_text_that_cannot_be_read_is_empty()
    {
        Assert.False(FileText.TryRead(_tree.Root + "/missing", new byte[1], out FileText text));
        using (text)
        {
            Assert.True(text.Bytes.IsEmpty);
        }
    }

    [Theory]
    [InlineData("a/b/link", "../../c/d")]
    [InlineData("link", "c/d")]
    [InlineData("a/link", "../c/x/../d")]
    public void A_link_leads_to_the_same_place_as_by_its_components(string link, string target)
    {
        _tree.Folder("a/b").Folder("c/d").Folder("c/x");
        File.CreateSymbolicLink($"{_tree.Root}/{link}", target);

        string? resolved = PseudoFile.TryResolveLink($"{_tree.Root}/{link}");

        Assert.Equal(PseudoFile.TryResolve(_tree.Root + "/c/d"), PseudoFile.TryResolve(resolved!));
    }

    [Fact]
    public void A_link_to_nothing_and_no_link_lead_nowhere()
    {
        File.CreateSymbolicLink(_tree.Root + "/dangling", "../nowhere");

        Assert.Null(PseudoFile.TryResolveLink(_tree.Root + "/dangling"));
        Assert.Null(PseudoFile.TryResolveLink(_tree.Root + "/missing"));
    }

    [Fact]
    public void A_path_may_be_longer_than_the_buffer_for_one()
    {
        string deep = string.Join('/', Enumerable.Repeat(new string('d', 100), 5)) + "/é";
        _tree.File(deep, "x");
        byte[] content = new byte[1];

        Assert.Equal(1, PseudoFile.TryRead($"{_tree.Root}/{deep}", content, out _));
        Assert.Equal(-1, PseudoFile.TryRead($"{_tree.Root}/{deep}\0", content, out _));
    }
}
