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
        using (FileSink? sink = FileSink.TryOpen(path))
        {
            Assert.NotNull(sink);
            sink.Write("one\n"u8);
            sink.Write("two\n"u8);
        }

        Assert.Equal("before\none\ntwo\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_no_sink()
    {
        using var directory = new TemporaryDirectory();
        Assert.Null(FileSink.TryOpen(directory["none/log"]));
        Assert.Equal(Errno.ENOENT, Errno.Last);
    }
}
