using Guestwire.Agent.Commands;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.State;

public sealed class FileHandleTableTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guestwire-");
    private readonly FileCommands _commands;

    public FileHandleTableTests() =>
        _commands = new FileCommands(new FileHandleTable(HandleCounter.Load(_folder.FullName), 10), AgentParts.NoRules, new RecordedLog());

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_unknown_handle_is_an_error() =>
        Assert.Equal("handle '7' has not been found", Assert.Throws<QapiException>(() => Close(7)).Message);

    [Fact]
    public void There_is_an_end_to_what_may_be_open_and_it_is_said()
    {
        FileHandleTable table = new(HandleCounter.Load(_folder.FullName), maxFiles: 300);
        using OpenFile file = Null();
        for (int open = 0; open < 300; open++)
        {
            table.Open(() => file);
        }

        Assert.Equal("too many open files: close some of the 300 handles first", Assert.Throws<QapiException>(() => table.Open(() => file)).Message);
    }

    [Fact]
    public void Files_that_are_being_opened_count_and_one_that_could_not_be_opened_gives_its_place_back()
    {
        FileHandleTable table = new(HandleCounter.Load(_folder.FullName), maxFiles: 2);
        using OpenFile file = Null();
        long first = table.Open(() =>
        {
            table.Open(() => file);
            Assert.Throws<QapiException>(() => table.Open(() => file));
            return file;
        });
        table.Take(first);
        Assert.Throws<QapiException>(() => table.Open(() => OpenFile.Open("/missing", "r", AgentParts.NoRules)));

        table.Open(() => file);
    }

    private static OpenFile Null() => OpenFile.Open("/dev/null", "r", AgentParts.NoRules);

    [Fact]
    public void A_closed_handle_is_unknown()
    {
        long handle = Open("/dev/null");
        Close(handle);

        Assert.Equal($"handle '{handle}' has not been found", Assert.Throws<QapiException>(() => Close(handle)).Message);
    }

    [Fact]
    public void A_handle_that_could_not_be_closed_is_gone_all_the_same()
    {
        long handle = Open("/dev/full", "w");
        _commands.GuestFileFlush(new GuestFileFlushArguments { Handle = handle });
        Write(handle, "x"u8);

        Assert.Equal("failed to close handle: No space left on device", Assert.Throws<QapiException>(() => Close(handle)).Message);
        Assert.Equal($"handle '{handle}' has not been found", Assert.Throws<QapiException>(() => Close(handle)).Message);
    }

    [Fact]
    public void Each_open_has_a_handle_and_a_position_of_its_own()
    {
        string path = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(path, "0123456789");
        long first = Open(path);
        long second = Open(path);
        Seek(first, 4);

        Assert.NotEqual(first, second);
        Assert.Equal(4, Seek(first, 0, QGASeek.Cur));
        Assert.Equal(0, Seek(second, 0, QGASeek.Cur));
        Close(first);
        Close(second);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(512)]
    [InlineData(long.MaxValue)]
    public void Permissions_out_of_range_make_no_file(long permissions)
    {
        string path = Path.Combine(_folder.FullName, "none");

        QapiException error = Assert.Throws<QapiException>(
            () => _commands.GuestFileOpen(new GuestFileOpenArguments { Path = path, Mode = "w", Permissions = permissions }));

        Assert.Equal($"value '{permissions}' is invalid for argument permissions", error.Message);
        Assert.False(File.Exists(path));
    }

    private long Open(string path, string? mode = null) =>
        _commands.GuestFileOpen(new GuestFileOpenArguments { Path = path, Mode = mode });

    private void Close(long handle) => _commands.GuestFileClose(new GuestFileCloseArguments { Handle = handle });

    private long Seek(long handle, long offset, QGASeek whence = QGASeek.Set) =>
        _commands.GuestFileSeek(new GuestFileSeekArguments { Handle = handle, Offset = offset, Whence = new GuestFileWhence.Name(whence) }).Position;

    private void Write(long handle, ReadOnlySpan<byte> bytes) =>
        _commands.GuestFileWrite(new GuestFileWriteArguments { Handle = handle, BufB64 = Base64Argument.Of(bytes) });
}
