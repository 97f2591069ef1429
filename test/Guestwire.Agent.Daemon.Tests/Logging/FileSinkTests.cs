using Guestwire.Agent.Daemon.Logging;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Daemon.Tests.Logging;

public sealed class FileSinkTests
{
    [Fact]
    public void Lines_are_appended_to_what_is_there()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("log", "before\n");
        using (FileSink sink = FileSink.ToFile(path))
        {
            Assert.True(sink.TryOpen());
            sink.Write("one\n"u8);
            sink.Write("two\n"u8);
        }

        Assert.Equal("before\none\ntwo\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_told_and_takes_lines_in_vain()
    {
        using var directory = new TemporaryDirectory();
        using FileSink sink = FileSink.ToFile(directory["none/log"]);

        Assert.False(sink.TryOpen());
        Assert.Equal(Errno.ENOENT, Errno.Last);
        sink.Write("lost\n"u8);
    }

    [Fact]
    public void The_file_is_made_by_the_first_line_at_the_latest()
    {
        using var directory = new TemporaryDirectory();
        using FileSink sink = FileSink.ToFile(directory["log"]);
        Assert.False(File.Exists(directory["log"]));

        sink.Write("one\n"u8);

        Assert.Equal("one\n", File.ReadAllText(directory["log"]));
    }

    [Fact]
    public void A_new_file_is_its_owner_s_and_one_that_is_there_keeps_the_mode_that_somebody_chose()
    {
        const UnixFileMode shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        using var directory = new TemporaryDirectory();
        string kept = directory.Write("kept", "");
        File.SetUnixFileMode(kept, shared);

        foreach (string path in (string[])[directory["new"], kept])
        {
            using FileSink sink = FileSink.ToFile(path);
            Assert.True(sink.TryOpen());
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(directory["new"]));
        Assert.Equal(shared, File.GetUnixFileMode(kept));
    }
}
