using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Tests.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Commands;

public sealed class SshCommandsTests : IAccountDatabase, IDisposable
{
    private readonly UserHome _home = new();
    private readonly SshCommands _commands;

    public SshCommandsTests() => _commands = new SshCommands(this, new AuthorizedKeysFile(), AgentParts.NoRules);

    public void Dispose() => _home.Dispose();

    Account IAccountDatabase.Find(string name) =>
        name == "alice" ? _home.Account : throw new QapiException($"no {name}");

    [Fact]
    public void Added_keys_are_listed_the_last_one_first()
    {
        Add(["algo one", "algo two"]);
        Add(["algo three", "algo one"]);

        Assert.Equal(["algo three", "algo two", "algo one"], List());
        Assert.Equal("algo one\nalgo two\nalgo three\n", File.ReadAllText(_home.Keys));
    }

    [Fact]
    public void Resetting_drops_what_was_there()
    {
        Add(["algo one"]);
        Add(["algo two"], reset: true);

        Assert.Equal(["algo two"], List());
    }

    [Fact]
    public void Adding_nothing_makes_an_empty_file()
    {
        Add([]);

        Assert.Empty(File.ReadAllBytes(_home.Keys));
    }

    [Fact]
    public void A_removed_key_is_gone_also_when_blanks_stand_around_it()
    {
        _home.Folder(".ssh").File(".ssh/authorized_keys", "# mine\nalgo one\n  algo two \r\n");

        Remove([List()[0]]);

        Assert.Equal("# mine\nalgo one\n", File.ReadAllText(_home.Keys));
    }

    [Fact]
    public void Removing_what_is_not_there_touches_nothing()
    {
        Remove(["algo one"]);
        Assert.False(Directory.Exists(_home[".ssh"]));

        _home.Folder(".ssh").File(".ssh/authorized_keys", "algo two");
        File.SetUnixFileMode(_home.Keys, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Remove(["algo one"]);

        Assert.Equal("algo two", File.ReadAllText(_home.Keys));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.OtherRead, File.GetUnixFileMode(_home.Keys));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_not_overwritten()
    {
        _home.Folder(".ssh").File("target", "target\n");
        File.CreateSymbolicLink(_home.Keys, _home["target"]);

        Assert.Throws<QapiException>(() => Add(["algo one"]));

        Assert.Equal(_home["target"], new FileInfo(_home.Keys).LinkTarget);
    }

    [Fact]
    public void Keys_are_looked_at_before_the_account()
    {
        QapiException adding = Assert.Throws<QapiException>(
            () => _commands.GuestSshAddAuthorizedKeys(new() { Username = "bob", Keys = ["# no key"] }));
        QapiException removing = Assert.Throws<QapiException>(
            () => _commands.GuestSshRemoveAuthorizedKeys(new() { Username = "bob", Keys = ["# no key"] }));

        Assert.Equal("invalid OpenSSH public key: '# no key'", adding.Message);
        Assert.Equal(adding.Message, removing.Message);
    }

    private IReadOnlyList<string> List() => _commands.GuestSshGetAuthorizedKeys(new() { Username = "alice" }).Keys;

    private void Add(IReadOnlyList<string> keys, bool? reset = null) =>
        _commands.GuestSshAddAuthorizedKeys(new() { Username = "alice", Keys = keys, Reset = reset });

    private void Remove(IReadOnlyList<string> keys) =>
        _commands.GuestSshRemoveAuthorizedKeys(new() { Username = "alice", Keys = keys });
}
