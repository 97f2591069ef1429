using System.Net.Sockets;
using System.Text;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class DoctorVerbTests
{
    private static readonly string[] s_important =
    [
        "guest-exec", "guest-exec-status", "guest-file-open", "guest-file-read", "guest-file-write", "guest-fsfreeze-freeze", "guest-fsfreeze-thaw", "guest-fstrim",
        "guest-set-time", "guest-set-user-password", "guest-ssh-add-authorized-keys", "guest-shutdown",
    ];

    [Fact]
    public async Task A_healthy_guest_has_no_problem()
    {
        await using FakeAgent agent = Healthy(GuestReplies.StartComplete());
        CommandOutcome outcome = await Command.RunAsync("doctor", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.All(outcome.Lines, line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
        Assert.Contains("ok        policy    every important command is allowed", outcome.Lines);
    }

    [Fact]
    public async Task A_socket_that_is_missing_is_a_problem_with_a_remedy()
    {
        using TemporaryFolder folder = new();
        CommandOutcome outcome = await Command.RunAsync("doctor", $"unix:{folder.File("agent")}");
        Assert.Equal(1, outcome.Code);
        Assert.Equal(3, outcome.Lines.Length);
        Assert.Equal($"problem   socket    {folder.File("agent")} is not there", outcome.Lines[0]);
        Assert.StartsWith("                    means: ", outcome.Lines[1], StringComparison.Ordinal);
        Assert.StartsWith("                    mend:  ", outcome.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_told_from_one_that_is_missing()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("agent");
        using (Socket left = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path));
            Finding finding = Assert.Single(await FindingsAsync(1, $"unix:{path}"));
            Assert.Equal($"nobody listens on {path}", finding.Text);
        }
    }

    [Fact]
    public async Task A_silent_agent_is_told_from_a_socket_that_is_held()
    {
        await using FakeAgent agent = FakeAgent.Start().IsSilent();
        Finding silent = Assert.Single(await FindingsAsync(1, agent.Target, "--timeout", "0.05"));
        Assert.Equal(("agent", "problem"), (silent.Check, silent.Level));
        using Socket other = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await other.ConnectAsync(new UnixDomainSocketEndPoint(agent.Path));
        Finding held = Assert.Single(await FindingsAsync(1, agent.Target, "--timeout", "0.05"));
        Assert.StartsWith($"{agent.Path} is in use: ", held.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_that_are_disabled_or_missing_are_warnings()
    {
        await using FakeAgent agent = GuestReplies.StartStock().Disables("guest-exec").Disables("guest-file-open");
        Finding[] findings = await FindingsAsync(0, agent.Target);
        Finding policy = Assert.Single(findings, finding => finding.Check == "policy");
        Assert.Equal("disabled in the guest: guest-exec, guest-file-open", policy.Text);
        Assert.Equal("warning", policy.Level);
        Finding missing = Assert.Single(findings, finding => finding.Check == "commands");
        Assert.Contains("guest-shutdown", missing.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frozen_filesystems_are_a_problem()
    {
        await using FakeAgent agent = Healthy(GuestReplies.StartComplete()).Returns("guest-fsfreeze-status", "\"frozen\"").Disables("guest-exec");
        Finding[] findings = await FindingsAsync(1, agent.Target);
        Assert.Contains(findings, finding => finding is { Check: "freeze", Level: "problem" });

        // While frozen an agent disables nearly everything; that is no policy.
        Assert.DoesNotContain(findings, finding => finding.Check == "policy");
    }

    [Fact]
    public async Task A_clock_that_is_off_is_a_warning()
    {
        await using FakeAgent agent = Healthy(GuestReplies.StartComplete()).Returns("guest-get-time", "1782907202500000000");
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Time = new JumpingTime() }, "doctor", agent.Target);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("warning   clock     the guest's clock is 2.500 s ahead of the host's", outcome.Lines);
    }

    [Fact]
    public async Task An_old_agent_is_a_warning()
    {
        await using FakeAgent agent = GuestReplies.StartStock("2.12.0");
        Assert.Contains(await FindingsAsync(0, agent.Target), finding => finding is { Check: "version", Level: "warning", Text: "qemu-ga 2.12.0 is old" });
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    public async Task Selinux_that_confines_the_stock_agent_is_a_warning(string enforcing, bool isWarning)
    {
        string content = Convert.ToBase64String(Encoding.ASCII.GetBytes(enforcing));
        await using FakeAgent agent = Healthy(GuestReplies.StartStock())
            .Returns("guest-file-open", "1000")
            .ReturnsInTurn("guest-file-read", $"{{\"count\": 1, \"buf-b64\": \"{content}\", \"eof\": true}}", "{\"count\": 0, \"buf-b64\": \"\", \"eof\": true}")
            .Returns("guest-file-close", "{}");
        Assert.Equal(isWarning, (await FindingsAsync(0, agent.Target)).Any(finding => finding is { Check: "selinux", Level: "warning" }));
    }

    private static FakeAgent Healthy(FakeAgent agent)
    {
        foreach (string command in s_important)
        {
            agent.Fails(command, "not in this test");
        }

        return agent.Answers("guest-get-time", _ => FakeAgent.Return($"{(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100}"));
    }

    private static async Task<Finding[]> FindingsAsync(int code, params string[] arguments)
    {
        CommandOutcome outcome = await Command.RunAsync([.. arguments.Prepend("doctor"), "--json"]);
        Assert.Equal(code, outcome.Code);
        return
        [
            .. outcome.Json.EnumerateArray().Select(finding => new Finding(
                finding.GetProperty("check").GetString()!, finding.GetProperty("level").GetString()!, finding.GetProperty("finding").GetString()!)),
        ];
    }

    private sealed record Finding(string Check, string Level, string Text);
}
