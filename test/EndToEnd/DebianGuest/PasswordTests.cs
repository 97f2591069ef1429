using System.Globalization;
using System.Text;
using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Passwords, tried on the guest's console by logging in. alice is there only while a test runs; root has no password before and after.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class PasswordTests(DebianMachine guest) : IAsyncLifetime
{
    /// <inheritdoc/>
    public async Task InitializeAsync() => await guest.Shell.DoAsync("useradd --create-home --shell /bin/bash alice");

    /// <inheritdoc/>
    public async Task DisposeAsync() =>
        await guest.Shell.DoAsync("usermod --password '*' root && loginctl terminate-user alice 2>/dev/null; userdel --force --remove alice 2>/dev/null; ! id alice 2>/dev/null");

    [Theory]
    [InlineData("alice")]
    [InlineData("root")]
    public async Task A_new_password_opens_the_account_and_the_old_one_does_not_any_more(string user)
    {
        await using AgentConversation host = await guest.ConnectAsync();
        using LoginConsole console = await LoginConsole.OpenAsync(guest);

        await SetAsync(host, user, "the first one");
        bool first = await console.TryLogInAsync(user, "the first one");
        await console.LogOutAsync();
        await SetAsync(host, user, "the: second $one");
        bool old = await console.TryLogInAsync(user, "the first one");
        bool second = await console.TryLogInAsync(user, "the: second $one");
        await console.LogOutAsync();

        Assert.Equal((true, false, true), (first, old, second));
    }

    [Fact]
    public async Task A_hash_is_set_as_it_is()
    {
        string hash = (await guest.Shell.DoAsync("perl -e 'print crypt(\"from a hash\", \"\\$6\\$saltsalt\\$\"), \"\\n\"'")).Trim();
        await using AgentConversation host = await guest.ConnectAsync();
        using LoginConsole console = await LoginConsole.OpenAsync(guest);

        await SetAsync(host, "alice", hash, crypted: true);
        bool hashItself = await console.TryLogInAsync("alice", hash);
        bool hashed = await console.TryLogInAsync("alice", "from a hash");
        await console.LogOutAsync();

        Assert.StartsWith("$6$", hash, StringComparison.Ordinal);
        Assert.Equal($"{hash}\n", await guest.Shell.DoAsync("getent shadow alice | cut -d : -f 2"));
        Assert.Equal((false, true), (hashItself, hashed));
    }

    [Fact]
    public async Task Who_logged_in_is_told_until_they_leave()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        using LoginConsole console = await LoginConsole.OpenAsync(guest);
        await SetAsync(host, "alice", "let me in");

        JsonElement nobody = await host.AskAsync("guest-get-users");
        long before = long.Parse(await guest.Shell.DoAsync("date +%s"), CultureInfo.InvariantCulture);
        Assert.True(await console.TryLogInAsync("alice", "let me in"));
        JsonElement users = await host.AskAsync("guest-get-users");
        long after = long.Parse(await guest.Shell.DoAsync("date +%s"), CultureInfo.InvariantCulture);
        string who = await guest.Shell.DoAsync("who | cut -d ' ' -f 1");
        await console.LogOutAsync();
        JsonElement nobodyAgain = await host.AskAsync("guest-get-users");

        Assert.Equal("alice\n", who);
        JsonElement user = Assert.Single(users.EnumerateArray());
        Assert.Equal("alice", user.GetProperty("user").GetString());
        Assert.InRange(user.GetProperty("login-time").GetDouble(), before, after + 1);
        Assert.Equal(("[]", "[]"), (nobody.GetRawText(), nobodyAgain.GetRawText()));
    }

    [Fact]
    public async Task An_account_that_is_not_there_is_refused_with_the_words_of_the_system()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        string before = await guest.Shell.DoAsync("sha256sum /etc/shadow");

        string reply = await host.AskLineAsync(Request("nobody-here", "whatever", crypted: false));

        Assert.StartsWith(
            "{\"error\": {\"class\": \"GenericError\", \"desc\": \"child process has failed to set user password: chpasswd: ", reply, StringComparison.Ordinal);
        Assert.Contains("nobody-here", reply, StringComparison.Ordinal);
        Assert.Equal(before, await guest.Shell.DoAsync("sha256sum /etc/shadow"));
    }

    [Fact]
    public async Task No_password_is_left_in_a_log_or_in_the_memory_of_an_agent_that_logs_all_it_can()
    {
        const string Secret = "tangerine-and-basalt";
        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret));
        await using ServiceConfiguration configuration = await ServiceConfiguration.WriteAsync(guest, "verbose=true", "logfile=/run/agent.log");
        string mentions;
        string memory;
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            await SetAsync(host, "alice", Secret);

            // The search must find what is there: the name of the account.
            mentions = await guest.Shell.DoAsync(
                "journalctl --sync; journalctl --output=cat > /run/journal.txt; for text in guest-set-user-password alice "
                + $"{Secret} {encoded}; do cat /run/agent.log /run/journal.txt | grep -c -e $text; done; true");
            memory = await SearchAgentMemoryAsync("guest-set-user-password", Secret, encoded);
        }

        await guest.Shell.DoAsync("rm /run/agent.log /run/journal.txt");

        string[] counts = mentions.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEqual(("0", "0"), (counts[0], counts[1]));
        Assert.Equal(["0", "0"], counts[2..]);
        Assert.Equal("True False False\n", memory);
    }

    /// <summary>Looks for texts in all memory of the agent's process, as bytes and as UTF-16.</summary>
    private async Task<string> SearchAgentMemoryAsync(params string[] texts)
    {
        const string Script = """
            import sys
            pid, texts, found = sys.argv[1], sys.argv[2:], set()
            memory = open(f"/proc/{pid}/mem", "rb", 0)
            for line in open(f"/proc/{pid}/maps"):
                place, rights = line.split()[:2]
                if rights[0] != "r" or "[v" in line:
                    continue
                start, end = (int(edge, 16) for edge in place.split("-"))
                memory.seek(start)
                content = memory.read(end - start)
                found |= {text for text in texts if text.encode() in content or text.encode("utf-16-le") in content}
            print(*[text in found for text in texts])
            """;
        string pid = await guest.ReadServiceAsync("MainPID");
        return await guest.Shell.DoAsync(
            $"echo {Convert.ToBase64String(Encoding.UTF8.GetBytes(Script))} | base64 -d > /run/search.py; "
            + $"python3 /run/search.py {pid} {string.Join(' ', texts)}; rm /run/search.py");
    }

    private static string Request(string user, string password, bool crypted) => JsonSerializer.Serialize(new
    {
        execute = "guest-set-user-password",
        arguments = new { username = user, password = Convert.ToBase64String(Encoding.UTF8.GetBytes(password)), crypted },
    });

    private static async Task SetAsync(AgentConversation host, string user, string password, bool crypted = false) =>
        Assert.Equal("{\"return\": {}}", await host.AskLineAsync(Request(user, password, crypted)));
}
