using System.Text;
using Guestwire.Client.Files;
using Guestwire.Protocol;

namespace Guestwire.Client.Tests.Files;

public sealed class ShellListingTests
{
    [Fact]
    public void A_line_of_stat_is_read_with_its_nanoseconds()
    {
        GuestwireFileStatus status = ShellListing.ReadStatus(Bytes("89ed/1000/5/anna/UNKNOWN/300000/200/512/1234567890.123456789/1.000000001/-0.500000000/2/65024/18446744073709551615\n"));

        Assert.Equal(GuestwireFileType.Regular, status.Type);
        Assert.Equal(0x9ED, status.Mode);
        Assert.Equal("anna", status.User);
        Assert.Null(status.Group);
        Assert.Equal(102400, status.AllocatedBytes);
        Assert.Equal(1234567890123456789, status.ModifiedNs);
        Assert.Equal(1000000001, status.AccessedNs);
        Assert.Equal(-500000000, status.ChangedNs);
        Assert.Equal(ulong.MaxValue, status.Inode);
    }

    [Fact]
    public void A_stat_that_knows_seconds_alone_is_read_too()
    {
        GuestwireFileStatus status = ShellListing.ReadStatus(Bytes("a1ff/0/0/root/root/3/0/512/1234567890/000000001/000000002/1/1/1\na\nb"));

        Assert.Equal(1234567890000000000, status.ModifiedNs);
        Assert.Equal(1000000000, status.AccessedNs);
        Assert.Equal("a\nb", status.Target);
    }

    [Fact]
    public void Names_of_a_list_may_hold_anything()
    {
        byte[] output = Bytes("Pf\00644\00\00\0root\0root\05\08\01.5\01.5\01.5\01\01\01\0-a \n'b'\0\0l\0777\01\01\01\01\05\00\01\01\01\01\01\01\0link\0-x\ny\0");

        FolderListing listing = ShellListing.ReadList("/f", output);

        Assert.Equal(["-a \n'b'", "link"], listing.Entries.Select(entry => entry.Name));
        Assert.Equal(4096, listing.Entries[0].Status.AllocatedBytes);
        Assert.Equal(1500000000, listing.Entries[0].Status.ModifiedNs);
        Assert.Null(listing.Entries[0].Status.Target);
        Assert.Equal("-x\ny", listing.Entries[1].Status.Target);
        Assert.Null(listing.Entries[1].Status.User);
    }

    [Fact]
    public void A_list_of_stat_and_readlink_says_the_same()
    {
        byte[] output = Bytes(
            "S/f/./-a \n'b'\0/f/./link\0\0" +
            "81a4/0/0/root/root/5/8/512/1/1/1/1/1/1\na1ff/0/0/root/root/4/0/512/1/1/1/1/1/1\n\0-x\ny\0");

        FolderListing listing = ShellListing.ReadList("/f", output);

        Assert.Equal(["-a \n'b'", "link"], listing.Entries.Select(entry => entry.Name));
        Assert.Equal("-x\ny", listing.Entries[1].Status.Target);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_counted_and_left_out()
    {
        byte[] output = Bytes("Pf\00644\00\00\0root\0root\05\08\01\01\01\01\01\01\0?\0\0");
        output[^3] = 0xFF;

        FolderListing listing = ShellListing.ReadList("/f", output);

        Assert.Empty(listing.Entries);
        Assert.Equal(1, listing.Undecodable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Pf\00644\0")]
    [InlineData("S/f/./a\0\0\0")]
    [InlineData("S/f/./a\0\0nonsense\n\0")]
    [InlineData("S/f/./a")]
    public void What_is_no_list_is_not_taken_for_one(string output) => Assert.Throws<IOException>(() => ShellListing.ReadList("/f", Bytes(output)));

    [Fact]
    public void A_list_of_nothing_is_empty()
    {
        Assert.Empty(ShellListing.ReadList("/f", Bytes("P")).Entries);
        Assert.Empty(ShellListing.ReadList("/f", Bytes("S")).Entries);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
