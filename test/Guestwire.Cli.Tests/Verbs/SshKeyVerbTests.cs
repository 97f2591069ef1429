using Guestwire.Cli.Tests.Programs;
using static Guestwire.Cli.Tests.Programs.ExecReplies;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class SshKeyVerbTests
{
    private const string Data = "AAAAC3NzaC1lZDI1NTE5AAAAIDWvWTEKDHGuRjwy3BrJpXfOBfD3ZCJpZyM5uYCbPpZ/";
    private const string Key = $"ssh-ed25519 {Data} alice@home";

    [Fact]
    public async Task Keys_are_listed_line_by_line()
    {
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-ssh-get-authorized-keys", $$"""{"keys": ["{{Key}}", "odd"]}""");

        Assert.Equal($"{Key}\nodd\n", (await new ProgramCall().RunAsync("ssh-key", "list", agent.Target, "alice")).Text);
        Assert.Equal("alice", ArgumentsOf(agent, "guest-ssh-get-authorized-keys").GetProperty("username").GetString());
    }

    [Fact]
    public async Task Keys_of_the_command_line_and_of_files_are_added()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("keys", $"# admins\n\n  command=\"echo no\",no-pty ssh-ed25519 {Data}\n");
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-ssh-add-authorized-keys", "{}");

        Assert.Equal(0, (await new ProgramCall().RunAsync("ssh-key", "add", agent.Target, "alice", Key, "-f", file)).Code);

        Assert.Equal(
            [Key, $"command=\"echo no\",no-pty ssh-ed25519 {Data}"],
            ArgumentsOf(agent, "guest-ssh-add-authorized-keys").GetProperty("keys").EnumerateArray().Select(key => key.GetString()!));
        Assert.False(ArgumentsOf(agent, "guest-ssh-add-authorized-keys").TryGetProperty("reset", out _));
    }

    [Fact]
    public async Task To_replace_all_keys_is_said_to_the_agent()
    {
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-ssh-add-authorized-keys", "{}");

        await new ProgramCall().RunAsync("ssh-key", "add", agent.Target, "alice", Key, "--replace");

        Assert.True(ArgumentsOf(agent, "guest-ssh-add-authorized-keys").GetProperty("reset").GetBoolean());
    }

    [Theory]
    [InlineData("ssh-ed25519 AAAA")]
    [InlineData("ssh-rsa " + Data)]
    [InlineData("ssh-ed25519 " + Data + "\nssh-ed25519 " + Data)]
    [InlineData("hello world")]
    public async Task What_is_no_key_is_not_sent(string key)
    {
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-ssh-add-authorized-keys", "{}");

        Assert.Equal(ExitCode.Usage, (await new ProgramCall().RunAsync("ssh-key", "add", agent.Target, "alice", key)).Code);
        Assert.Empty(agent.Requests);
    }

    [Fact]
    public async Task A_private_key_is_not_sent_and_the_complaint_says_what_it_is()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("id", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n");
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-ssh-add-authorized-keys", "{}");

        ProgramOutcome outcome = await new ProgramCall().RunAsync("ssh-key", "add", agent.Target, "alice", "-f", file);

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("is a private key", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(agent.Requests);
    }

    [Fact]
    public async Task A_key_is_removed_by_what_it_is_whatever_stands_around_it_in_the_guest()
    {
        string line = $"no-pty ssh-ed25519 {Data} old comment";
        await using FakeAgent agent = FakeAgent.Start()
            .Returns("guest-ssh-get-authorized-keys", $$"""{"keys": ["odd", "{{line}}"]}""")
            .Returns("guest-ssh-remove-authorized-keys", "{}");

        Assert.Equal(0, (await new ProgramCall().RunAsync("ssh-key", "remove", agent.Target, "alice", Key)).Code);

        Assert.Equal([line], ArgumentsOf(agent, "guest-ssh-remove-authorized-keys").GetProperty("keys").EnumerateArray().Select(key => key.GetString()!));
    }

    [Fact]
    public async Task A_key_that_is_not_there_cannot_be_removed()
    {
        await using FakeAgent agent = FakeAgent.Start().Returns("guest-ssh-get-authorized-keys", """{"keys": []}""");

        Assert.Equal(ExitCode.Failed, (await new ProgramCall().RunAsync("ssh-key", "remove", agent.Target, "alice", Key)).Code);
    }
}
