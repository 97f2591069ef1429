using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Keys of an account that is there only while a test runs, looked at as root.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class AuthorizedKeysTests(DebianMachine guest) : IAsyncLifetime
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAbcdefghijklmnopqrstuvwxyz0123456789ABCDEFG alice@there";
    private const string OtherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHijklmnopqrstuvwxyz0123456789ABCDEFGabcdefg alice@elsewhere";
    private const string File = "/home/alice/.ssh/authorized_keys";

    /// <inheritdoc/>
    public async Task InitializeAsync() => await guest.Shell.DoAsync("useradd --create-home --shell /bin/bash alice");

    /// <inheritdoc/>
    public async Task DisposeAsync() => await guest.Shell.DoAsync("userdel --force --remove alice 2>/dev/null; ! id alice 2>/dev/null; rm -rf /srv/outside");

    [Fact]
    public async Task A_first_key_makes_the_folder_and_the_file_the_user_s_own()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        await AddAsync(host, Key);

        Assert.Equal("alice alice 700\nalice alice 600\n", await guest.Shell.DoAsync($"stat -c '%U %G %a' /home/alice/.ssh {File}"));
        Assert.Equal(Key + "\n", await guest.Shell.DoAsync($"cat {File}"));
        Assert.Equal("authorized_keys\n", await guest.Shell.DoAsync("ls -A /home/alice/.ssh"));
    }

    [Fact]
    public async Task Lines_that_were_there_keep_their_bytes()
    {
        await guest.Shell.DoAsync(
            $"install -d -o alice -g alice -m 700 /home/alice/.ssh; printf '# mine\\n\\nfrom=\"10.0.0.1\" {OtherKey}  \\nno final newline' > {File}; chown alice:alice {File}; chmod 644 {File}");
        await using AgentConversation host = await guest.ConnectAsync();

        await AddAsync(host, Key);
        string added = await guest.Shell.DoAsync($"cat {File}; stat -c '%U %G %a' {File}");
        JsonElement listed = await host.AskAsync("guest-ssh-get-authorized-keys", new { username = "alice" });
        await host.AskAsync("guest-ssh-remove-authorized-keys", new { username = "alice", keys = new[] { Key } });
        string removed = await guest.Shell.DoAsync($"cat {File}");

        string before = $"# mine\n\nfrom=\"10.0.0.1\" {OtherKey}  \nno final newline\n";
        Assert.Equal($"{before}{Key}\nalice alice 600\n", added);
        Assert.Equal([Key, "no final newline", $"from=\"10.0.0.1\" {OtherKey}"], listed.GetProperty("keys").EnumerateArray().Select(key => key.GetString()));
        Assert.Equal(before, removed);
    }

    [Fact]
    public async Task A_reset_leaves_the_new_keys_alone()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        await AddAsync(host, OtherKey);

        await host.AskAsync("guest-ssh-add-authorized-keys", new { username = "alice", keys = new[] { Key }, reset = true });

        Assert.Equal(Key + "\n", await guest.Shell.DoAsync($"cat {File}"));
    }

    [Fact]
    public async Task Root_s_keys_are_root_s()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        await host.AskAsync("guest-ssh-add-authorized-keys", new { username = "root", keys = new[] { Key } });
        string seen = await guest.Shell.DoAsync("stat -c '%U %G %a' /root/.ssh /root/.ssh/authorized_keys; cat /root/.ssh/authorized_keys; rm -r /root/.ssh");

        Assert.Equal($"root root 700\nroot root 600\n{Key}\n", seen);
    }

    [Fact]
    public async Task A_folder_that_leads_elsewhere_is_refused_and_nothing_there_is_touched()
    {
        const string Outside = "stat -c '%n %U %G %a %i' /srv/outside /srv/outside/*; cat /srv/outside/*";
        await guest.Shell.DoAsync(
            $"install -d -m 755 /srv/outside; echo '{OtherKey}' > /srv/outside/authorized_keys; ln -s /srv/outside /home/alice/.ssh; chown -h alice:alice /home/alice/.ssh");
        string before = await guest.Shell.DoAsync(Outside);
        await using AgentConversation host = await guest.ConnectAsync();

        foreach (string command in (string[])["add", "remove"])
        {
            string reply = await host.AskLineAsync(
                $"{{\"execute\":\"guest-ssh-{command}-authorized-keys\",\"arguments\":{{\"username\":\"alice\",\"keys\":[\"{OtherKey}\"]}}}}");
            Assert.StartsWith("{\"error\": ", reply, StringComparison.Ordinal);
        }

        Assert.StartsWith(
            "{\"error\": ", await host.AskLineAsync("{\"execute\":\"guest-ssh-get-authorized-keys\",\"arguments\":{\"username\":\"alice\"}}"), StringComparison.Ordinal);
        Assert.Equal(before, await guest.Shell.DoAsync(Outside));
        Assert.Equal("/srv/outside\n", await guest.Shell.DoAsync("readlink /home/alice/.ssh"));
    }

    [Fact]
    public async Task A_file_that_leads_elsewhere_is_refused_and_what_it_leads_to_is_not_touched()
    {
        const string Outside = "stat -c '%n %U %G %a %i' /srv/outside/*; cat /srv/outside/*";
        await guest.Shell.DoAsync(
            $"install -d -m 755 /srv/outside; echo '{OtherKey}' > /srv/outside/keys; chmod 600 /srv/outside/keys; "
            + $"install -d -o alice -g alice -m 700 /home/alice/.ssh; ln -s /srv/outside/keys {File}");
        string before = await guest.Shell.DoAsync(Outside);
        await using AgentConversation host = await guest.ConnectAsync();

        string reply = await host.AskLineAsync(
            $"{{\"execute\":\"guest-ssh-add-authorized-keys\",\"arguments\":{{\"username\":\"alice\",\"keys\":[\"{Key}\"]}}}}");

        Assert.Equal(
            $"{{\"error\": {{\"class\": \"GenericError\", \"desc\": \"failed to read '{File}': it is a symbolic link\"}}}}", reply);
        Assert.Equal(before, await guest.Shell.DoAsync(Outside));
    }

    private static async Task AddAsync(AgentConversation host, string key) =>
        await host.AskAsync("guest-ssh-add-authorized-keys", new { username = "alice", keys = new[] { key } });
}
