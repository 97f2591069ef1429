using System.Text;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class AuthorizedKeysFileTests : IDisposable
{
    private readonly UserHome _home = new();
    private readonly AuthorizedKeysFile _keys = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_new_file_and_its_folder_are_the_users_own_and_for_nobody_else()
    {
        _keys.Replace(_home.Account, "key\n"u8);

        Assert.Equal("key\n", File.ReadAllText(_home.Keys));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Keys));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_home[".ssh"]));
        Assert.Equal((_home.Account.UserId, _home.Account.GroupId), UserHome.OwnerOf(_home.Keys));
        Assert.Equal((_home.Account.UserId, _home.Account.GroupId), UserHome.OwnerOf(_home[".ssh"]));
    }

    [Fact]
    public void What_was_written_is_read_and_replaced_and_nothing_else_stays_in_the_folder()
    {
        _keys.Replace(_home.Account, "one\n"u8);
        _keys.Replace(_home.Account, "two\n"u8);

        Assert.Equal("two\n", Read());
        Assert.Equal([_home.Keys], Directory.GetFileSystemEntries(_home[".ssh"]));
    }

    [Fact]
    public void An_open_file_keeps_its_text_when_it_is_replaced()
    {
        _home.Folder(".ssh").File(".ssh/authorized_keys", "old\n");
        using StreamReader open = File.OpenText(_home.Keys);

        _keys.Replace(_home.Account, "new\n"u8);

        Assert.Equal("old\n", open.ReadToEnd());
    }

    [Fact]
    public void A_missing_file_is_told_apart_and_named()
    {
        using ByteBuffer text = new();
        string expected = $"failed to read '{_home.Keys}': Failed to open file \u201C{_home.Keys}\u201D: No such file or directory";

        Assert.False(_keys.TryRead(_home.Account, text));
        Assert.Equal(expected, Assert.Throws<QapiException>(() => _keys.Read(_home.Account, text)).Message);
        _home.Folder(".ssh");
        Assert.False(_keys.TryRead(_home.Account, text));
        Assert.Equal(expected, Assert.Throws<QapiException>(() => _keys.Read(_home.Account, text)).Message);
    }

    [Fact]
    public void A_missing_home_has_no_file_and_gets_none()
    {
        Account account = _home.Account with { Home = _home["missing"] };
        using ByteBuffer text = new();

        Assert.False(_keys.TryRead(account, text));
        QapiException error = Assert.Throws<QapiException>(() => _keys.Replace(account, "key\n"u8));
        Assert.Equal($"failed to create directory '{_home["missing/.ssh"]}': No such file or directory", error.Message);
    }

    [Fact]
    public void A_folder_that_is_a_link_is_not_followed()
    {
        _home.Folder("elsewhere").File("elsewhere/authorized_keys", "key\n");
        Directory.CreateSymbolicLink(_home[".ssh"], _home["elsewhere"]);
        string expected = $"failed to open directory '{_home[".ssh"]}': it is a symbolic link or no directory";

        Assert.Equal(expected, ReadingFails());
        Assert.Equal(expected, ReplacingFails());
        Assert.Equal("key\n", File.ReadAllText(_home["elsewhere/authorized_keys"]));
    }

    [Fact]
    public void A_folder_that_is_a_link_to_nowhere_is_not_made_there()
    {
        Directory.CreateSymbolicLink(_home[".ssh"], _home["elsewhere"]);

        Assert.Contains("symbolic link", ReplacingFails(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_home["elsewhere"]));
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused()
    {
        _home.File(".ssh", "");

        Assert.EndsWith("it is a symbolic link or no directory", ReplacingFails(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_a_link_is_not_read()
    {
        _home.Folder(".ssh").File("secret", "secret\n");
        File.CreateSymbolicLink(_home.Keys, _home["secret"]);

        Assert.Equal($"failed to read '{_home.Keys}': it is a symbolic link", ReadingFails());
    }

    [Fact]
    public void A_file_that_is_a_link_is_replaced_itself_and_what_it_led_to_stands()
    {
        _home.Folder(".ssh").File("target", "target\n");
        File.CreateSymbolicLink(_home.Keys, _home["target"]);

        _keys.Replace(_home.Account, "key\n"u8);

        Assert.Equal("target\n", File.ReadAllText(_home["target"]));
        Assert.Null(new FileInfo(_home.Keys).LinkTarget);
        Assert.Equal("key\n", Read());
    }

    [Fact]
    public void A_link_further_up_is_the_administrators_affair_and_followed()
    {
        _keys.Replace(_home.Account, "key\n"u8);
        Directory.CreateSymbolicLink(_home["link"], _home[""]);
        using ByteBuffer text = new();

        _keys.Read(_home.Account with { Home = _home["link"] }, text);

        Assert.Equal("key\n", Encoding.UTF8.GetString(text.Bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".ssh")]
    public void A_directory_of_a_third_user_is_refused(string name)
    {
        _home.Folder(".ssh").File(".ssh/authorized_keys", "key\n");
        UserHome.GiveAway(_home[name], _home.Account.UserId + 1, _home.Account.GroupId);
        Account account = Environment.IsPrivilegedProcess ? _home.Account : _home.Account with { UserId = _home.Account.UserId + 1 };
        using ByteBuffer text = new();

        QapiException reading = Assert.Throws<QapiException>(() => _keys.TryRead(account, text));
        QapiException replacing = Assert.Throws<QapiException>(() => _keys.Replace(account, "key\n"u8));

        Assert.EndsWith("it belongs neither to 'alice' nor to root", reading.Message, StringComparison.Ordinal);
        Assert.Equal(reading.Message, replacing.Message);
        Assert.Equal("key\n", File.ReadAllText(_home.Keys));
    }

    [Fact]
    public void A_file_that_its_user_could_not_read_is_not_read_for_them()
    {
        _home.Folder(".ssh").File(".ssh/authorized_keys", "key\n");
        File.SetUnixFileMode(_home.Keys, UnixFileMode.UserRead);
        UserHome.GiveAway(_home.Keys, 0, 0);
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal($"failed to read '{_home.Keys}': Permission denied", ReadingFails());
        }
        else
        {
            Assert.Equal("key\n", Read());
        }
    }

    [Fact]
    public void A_file_of_roots_that_its_user_can_read_is_read()
    {
        _home.Folder(".ssh").File(".ssh/authorized_keys", "key\n");
        File.SetUnixFileMode(_home.Keys, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        UserHome.GiveAway(_home.Keys, 0, _home.Account.GroupId);

        Assert.Equal("key\n", Read());
    }

    [Fact]
    public void A_pipe_in_place_of_the_file_is_refused_without_waiting_for_a_writer()
    {
        _home.Folder(".ssh");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [_home.Keys]))
        {
            mkfifo.WaitForExit();
        }

        Assert.Equal($"failed to read '{_home.Keys}': it is no regular file", ReadingFails());
    }

    [Fact]
    public void A_directory_in_place_of_the_file_is_refused_and_nothing_is_left_beside_it()
    {
        _home.Folder(".ssh").Folder(".ssh/authorized_keys");

        Assert.Equal($"failed to read '{_home.Keys}': it is no regular file", ReadingFails());
        Assert.Equal($"failed to write to '{_home.Keys}': Is a directory", ReplacingFails());
        Assert.Equal([_home.Keys], Directory.GetFileSystemEntries(_home[".ssh"]));
    }

    [Fact]
    public void A_file_beyond_the_limit_is_refused_rather_than_cut()
    {
        _home.Folder(".ssh").File(".ssh/authorized_keys", "");
        using (FileStream file = File.OpenWrite(_home.Keys))
        {
            file.SetLength(AuthorizedKeysFile.MaxBytes + 1);
        }

        Assert.Equal($"failed to read '{_home.Keys}': it is larger than 16777216 bytes", ReadingFails());
    }

    private string Read()
    {
        using ByteBuffer text = new();
        _keys.Read(_home.Account, text);
        return Encoding.UTF8.GetString(text.Bytes);
    }

    private string ReadingFails()
    {
        using ByteBuffer text = new();
        return Assert.Throws<QapiException>(() => _keys.TryRead(_home.Account, text)).Message;
    }

    private string ReplacingFails() => Assert.Throws<QapiException>(() => _keys.Replace(_home.Account, "key\n"u8)).Message;
}
