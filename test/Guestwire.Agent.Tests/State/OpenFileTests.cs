using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.State;

public sealed class OpenFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guestwire-");

    private string Target => Path.Combine(_folder.FullName, "file");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_is_written_waits_until_it_is_flushed()
    {
        using OpenFile file = OpenFile.Open(Target, "w", AgentParts.NoRules);
        file.Write("waits"u8);
        Assert.Equal(0, new FileInfo(Target).Length);

        file.Flush();
        Assert.Equal("waits", File.ReadAllText(Target));
    }

    [Theory]
    [InlineData(4095, 0)]
    [InlineData(4096, 0)]
    [InlineData(4097, 4096)]
    [InlineData(10_000, 8192)]
    public void What_does_not_fit_the_buffer_goes_on_in_whole_blocks(int size, int onDisk)
    {
        using OpenFile file = OpenFile.Open(Target, "w", AgentParts.NoRules);
        file.Write(new byte[size]);

        Assert.Equal(onDisk, new FileInfo(Target).Length);
    }

    [Fact]
    public void Many_small_writes_arrive_whole_and_in_order()
    {
        byte[] content = new byte[50_000];
        new Random(7).NextBytes(content);
        OpenFile file = OpenFile.Open(Target, "w", AgentParts.NoRules);
        for (int at = 0, size = 1; at < content.Length; at += size, size = (size * 3 % 5003) + 1)
        {
            size = Math.Min(size, content.Length - at);
            file.Write(content.AsSpan(at, size));
        }

        file.Close();
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void A_full_disk_shows_at_the_flush_and_only_once()
    {
        using OpenFile file = OpenFile.Open("/dev/full", "w", AgentParts.NoRules);
        file.Write("x"u8);

        QapiException error = Assert.Throws<QapiException>(() => file.Flush());
        Assert.Equal("failed to flush file: No space left on device", error.Message);
        file.Flush();
    }

    [Fact]
    public void A_full_disk_shows_at_the_close_and_the_file_is_closed_all_the_same()
    {
        OpenFile file = OpenFile.Open("/dev/full", "w", AgentParts.NoRules);
        file.Write("x"u8);

        QapiException error = Assert.Throws<QapiException>(file.Close);
        Assert.Equal("failed to close handle: No space left on device", error.Message);
        Assert.Throws<QapiException>(() => file.Read(new byte[1], out _));
    }

    [Fact]
    public void A_read_after_a_write_flushes_and_goes_on_behind_it()
    {
        File.WriteAllText(Target, "0123456789");
        using OpenFile file = OpenFile.Open(Target, "r+", AgentParts.NoRules);
        file.Write("ab"u8);

        Assert.Equal("2345", Read(file, 4));
        Assert.Equal("ab23456789", File.ReadAllText(Target));
    }

    [Fact]
    public void A_seek_flushes_and_counts_what_waited()
    {
        using OpenFile file = OpenFile.Open(Target, "w+", AgentParts.NoRules);
        file.Write("hello"u8);

        Assert.Equal(5, file.Seek(0, Libc.SEEK_CUR));
        Assert.Equal(0, file.Seek(0, Libc.SEEK_SET));
        Assert.Equal("hello", Read(file, 10));
    }

    [Fact]
    public void Append_writes_at_the_end_wherever_the_position_is()
    {
        File.WriteAllText(Target, "old");
        OpenFile file = OpenFile.Open(Target, "a+", AgentParts.NoRules);
        file.Seek(0, Libc.SEEK_SET);
        file.Write("new"u8);
        file.Close();

        Assert.Equal("oldnew", File.ReadAllText(Target));
    }

    [Theory]
    [InlineData("r", true, "kept")]
    [InlineData("rb", true, "kept")]
    [InlineData("r+", true, "kept")]
    [InlineData("rb+", true, "kept")]
    [InlineData("r+b", true, "kept")]
    [InlineData("a", false, "kept")]
    [InlineData("ab", false, "kept")]
    [InlineData("a+", true, "kept")]
    [InlineData("a+b", true, "kept")]
    [InlineData("w", false, "")]
    [InlineData("wb", false, "")]
    [InlineData("w+", true, "")]
    [InlineData("wb+", true, "")]
    [InlineData("w+b", true, "")]
    public void A_mode_opens_as_in_fopen(string mode, bool canRead, string left)
    {
        File.WriteAllText(Target, "kept");
        using OpenFile file = OpenFile.Open(Target, mode, AgentParts.NoRules);

        Assert.Equal(left, File.ReadAllText(Target));
        if (canRead)
        {
            Assert.Equal(left, Read(file, 10));
        }
        else
        {
            QapiException error = Assert.Throws<QapiException>(() => Read(file, 10));
            Assert.Equal("failed to read file: Bad file descriptor", error.Message);
        }
    }

    [Theory]
    [InlineData("r")]
    [InlineData("r+")]
    public void Reading_does_not_create(string mode)
    {
        QapiException error = Assert.Throws<QapiException>(() => OpenFile.Open(Target, mode, AgentParts.NoRules));

        Assert.Equal($"failed to open file '{Target}' (mode: '{mode}'): No such file or directory", error.Message);
        Assert.False(File.Exists(Target));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("w+x")]
    [InlineData("rw")]
    public void What_is_no_mode_is_refused(string mode) =>
        Assert.Equal($"invalid file open mode '{mode}'", Assert.Throws<QapiException>(() => OpenFile.Open(Target, mode, AgentParts.NoRules)).Message);

    [Fact]
    public void A_new_file_has_mode_0666_whatever_the_umask()
    {
        uint before = Libc.Umask(0x3F /* 077 */);
        try
        {
            using OpenFile file = OpenFile.Open(Target, "w", AgentParts.NoRules);
        }
        finally
        {
            _ = Libc.Umask(before);
        }

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite,
            File.GetUnixFileMode(Target));
    }

    [Fact]
    public void A_new_file_has_the_permissions_that_are_asked_for_whatever_the_umask()
    {
        uint before = Libc.Umask(0x3F /* 077 */);
        try
        {
            using OpenFile file = OpenFile.Open(Target, "w", AgentParts.NoRules, 0x1A0 /* 0640 */);
        }
        finally
        {
            _ = Libc.Umask(before);
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void An_exclusive_file_is_made_when_there_is_none()
    {
        OpenFile.Open(Target, "w", AgentParts.NoRules, exclusive: true).Close();

        Assert.True(File.Exists(Target));
    }

    [Fact]
    public void A_file_that_exists_is_not_opened_when_it_is_to_be_exclusive()
    {
        File.WriteAllText(Target, "kept");

        QapiException error = Assert.Throws<QapiException>(() => OpenFile.Open(Target, "w", AgentParts.NoRules, exclusive: true));

        Assert.EndsWith("File exists", error.Message, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(Target));
    }

    [Fact]
    public void No_link_leads_an_exclusive_file_elsewhere()
    {
        string elsewhere = Target + ".elsewhere";
        File.CreateSymbolicLink(Target, elsewhere);

        Assert.Throws<QapiException>(() => OpenFile.Open(Target, "w", AgentParts.NoRules, exclusive: true));

        Assert.False(File.Exists(elsewhere));
    }

    [Theory]
    [InlineData("r")]
    [InlineData("r+")]
    public void What_is_only_opened_cannot_be_exclusive(string mode)
    {
        File.WriteAllText(Target, "kept");

        QapiException error = Assert.Throws<QapiException>(() => OpenFile.Open(Target, mode, AgentParts.NoRules, exclusive: true));

        Assert.Equal($"mode '{mode}' creates no file, so it cannot be exclusive", error.Message);
    }

    [Fact]
    public void An_existing_file_keeps_its_mode()
    {
        File.WriteAllText(Target, "");
        File.SetUnixFileMode(Target, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        using OpenFile file = OpenFile.Open(Target, "w", AgentParts.NoRules, 0x1FF /* 0777 */);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void A_dangling_link_is_not_followed_into_a_new_file()
    {
        string elsewhere = Path.Combine(_folder.FullName, "elsewhere");
        File.CreateSymbolicLink(Target, elsewhere);

        Assert.Throws<QapiException>(() => OpenFile.Open(Target, "w", AgentParts.NoRules));
        Assert.False(File.Exists(elsewhere));
    }

    [Fact]
    public void A_write_to_a_file_open_for_reading_fails_at_once()
    {
        File.WriteAllText(Target, "kept");
        using OpenFile file = OpenFile.Open(Target, "r", AgentParts.NoRules);

        Assert.Equal("failed to write to file: Bad file descriptor", Assert.Throws<QapiException>(() => file.Write("x"u8)).Message);
        Assert.Equal("kept", Read(file, 10));
    }

    [Fact]
    public void The_end_is_told_with_the_read_that_meets_it()
    {
        File.WriteAllText(Target, "12345");
        using OpenFile file = OpenFile.Open(Target, "r", AgentParts.NoRules);
        byte[] buffer = new byte[5];

        Assert.Equal(5, file.Read(buffer, out bool atEnd));
        Assert.False(atEnd);
        Assert.Equal(0, file.Read(buffer, out atEnd));
        Assert.True(atEnd);
    }

    private static string Read(OpenFile file, int count)
    {
        byte[] buffer = new byte[count];
        return Encoding.ASCII.GetString(buffer, 0, file.Read(buffer, out _));
    }
}
