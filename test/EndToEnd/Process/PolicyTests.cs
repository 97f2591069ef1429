using System.Text.Json.Nodes;
using EndToEnd.Sandbox;

namespace EndToEnd.ProcessSuite;

/// <summary>What the guest's administrator decided, held against the real program: as an agent, and as <c>--policy-test</c>.</summary>
[Trait("Suite", "process")]
public sealed class PolicyTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public PolicyTests()
    {
        Directory.CreateDirectory(_files.Combine("shared"));
        File.WriteAllText(_files.Combine("shared/file"), "shared");
        File.WriteAllText(_files.Combine("secret"), "secret");
        File.CreateSymbolicLink(_files.Combine("shared/link"), _files.Combine("secret"));
        File.WriteAllText(
            Configuration,
            $"""
            [policy]
            profile=backup
            read-paths={_files.Combine("shared")}
            audit-log={_files.Combine("audit")}

            [exec hello]
            program=/bin/echo
            arguments=hello *

            """);
    }

    private string Configuration => _files.Combine("conf");

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_host_gets_what_the_rules_leave_and_nothing_else()
    {
        using RunningAgent agent = RunningAgent.OnSocket("-c", Configuration);
        using HostLink host = agent.Connect();

        long handle = (long)host.Ask(Open("shared/file"))["return"]!;
        Assert.Equal("c2hhcmVk", (string)host.Ask(OfHandle("guest-file-read", handle))["return"]!["buf-b64"]!);
        AssertDisabled("guest-file-open", host.Ask(Open("secret")));
        AssertDisabled("guest-file-open", host.Ask(Open("shared/link")));
        AssertDisabled("guest-file-open", host.Ask(Open("shared/file", "w")));
        AssertDisabled("guest-file-flush", host.Ask(OfHandle("guest-file-flush", handle)));
        AssertDisabled("guest-exec", host.Ask(Execute("/bin/sh", "-c", $"touch {_files.Combine("proof")}")));
        AssertDisabled("guest-exec", host.Ask(Execute("/bin/echo", "goodbye")));
        AssertDisabled("guest-shutdown", host.Ask("""{"execute":"guest-shutdown"}"""));
        AssertDisabled("guest-set-user-password", host.Ask(
            """{"execute":"guest-set-user-password","arguments":{"username":"root","password":"","crypted":false}}"""));
        Assert.NotNull(host.Ask(Execute("/bin/echo", "hello", "world"))["return"]!["pid"]);

        Assert.False(File.Exists(_files.Combine("proof")));
        Assert.Equal("shared", File.ReadAllText(_files.Combine("shared/file")));
    }

    [Fact]
    public void The_audit_log_tells_what_was_done_and_refused_to_its_owner_alone()
    {
        using (RunningAgent agent = RunningAgent.OnSocket("-c", Configuration))
        using (HostLink host = agent.Connect())
        {
            host.Ask("""{"execute":"guest-ping"}""");
            host.Ask(Execute("/bin/echo", "hello", "world"));
            host.Ask(Execute("/bin/echo", "goodbye"));
            host.Ask("""{"execute":"guest-shutdown"}""");
        }

        JsonNode[] lines = [.. File.ReadLines(_files.Combine("audit")).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(
            ["guest-exec allowed ok", "guest-exec denied ", "guest-shutdown denied "],
            lines.Select(line => $"{line["command"]} {line["decision"]} {line["outcome"]}"));
        Assert.All(lines, line => Assert.Equal("unix-listen", (string?)line["channel"]));
        Assert.DoesNotContain("world", File.ReadAllText(_files.Combine("audit")), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_files.Combine("audit")));
    }

    [Fact]
    public void Guest_info_shows_as_disabled_what_no_request_could_pass()
    {
        using RunningAgent agent = RunningAgent.OnSocket("-c", Configuration);
        using HostLink host = agent.Connect();

        JsonArray commands = host.Ask("""{"execute":"guest-info"}""")["return"]!["supported_commands"]!.AsArray();
        string[] enabled = [.. commands.Where(command => (bool)command!["enabled"]!).Select(command => (string)command!["name"]!)];

        Assert.Contains("guest-exec", enabled);
        Assert.Contains("guest-file-open", enabled);
        Assert.Contains("guest-fsfreeze-freeze", enabled);
        Assert.DoesNotContain("guest-file-write", enabled);
        Assert.DoesNotContain("guest-shutdown", enabled);
        Assert.DoesNotContain("guest-set-user-password", enabled);
    }

    [Theory]
    [InlineData("shared/file", null, 0, "allowed by read-paths {shared}\n")]
    [InlineData("shared/none", null, 0, "allowed by read-paths {shared}\n")]
    [InlineData("shared/link", null, 1, "denied by read-paths {shared}\n")]
    [InlineData("secret", null, 1, "denied by read-paths\n")]
    [InlineData("shared/new", "w", 1, "denied by profile backup\n")]
    public void Policy_test_tells_the_decision_and_the_rule(string path, string? mode, int status, string output)
    {
        (int found, string text) = Test(Open(path, mode));

        Assert.Equal((status, output.Replace("{shared}", _files.Combine("shared"), StringComparison.Ordinal)), (found, text));
        Assert.False(File.Exists(_files.Combine("shared/new")));
    }

    [Theory]
    [InlineData("""{"execute":"guest-ping"}""", 0, "allowed by profile backup\n")]
    [InlineData("""{"execute":"guest-shutdown"}""", 1, "denied by profile backup\n")]
    [InlineData("""{"execute":"guest-exec","arguments":{"path":"/bin/echo","arg":["hello","you"]}}""", 0, "allowed by exec hello\n")]
    [InlineData("""{"execute":"guest-exec","arguments":{"path":"/bin/echo"}}""", 1, "denied by exec\n")]
    [InlineData("""{"execute":"guest-exec","arguments":{}}""", 2, "Parameter 'path' is missing\n")]
    [InlineData("""{"execute":"guest-nonsense"}""", 2, "there is no command guest-nonsense\n")]
    [InlineData("""{"execute":""", 2, "the request is not complete\n")]
    [InlineData("nonsense", 2, "JSON parse error, invalid keyword 'nonsense'\n")]
    public void Policy_test_knows_a_request_from_what_is_none(string request, int status, string output) =>
        Assert.Equal((status, output), Test(request));

    [Fact]
    public void A_typing_error_keeps_the_agent_from_starting()
    {
        File.WriteAllText(Configuration, "[policy]\nprofile=backup\nread-path=/etc\n");

        (int status, string output) = RunningAgent.Run(
            RunningAgent.Program, "-c", Configuration, "-m", "unix-listen", "-p", _files.Combine("socket"), "-t", _files.Path);

        Assert.Equal(1, status);
        Assert.Contains(
            $"error loading configuration from path: {Configuration}, line 3: unknown key 'read-path' in group 'policy'; did you mean 'read-paths'?\n",
            output,
            StringComparison.Ordinal);
        Assert.False(File.Exists(_files.Combine("socket")));
    }

    private static void AssertDisabled(string command, JsonNode reply)
    {
        Assert.Equal("CommandNotFound", (string?)reply["error"]?["class"]);
        Assert.Equal($"Command {command} has been disabled: the command is not allowed", (string?)reply["error"]?["desc"]);
    }

    private static string OfHandle(string command, long handle) =>
        new JsonObject { ["execute"] = command, ["arguments"] = new JsonObject { ["handle"] = handle } }.ToJsonString();

    private static string Execute(string path, params string[] arguments) =>
        new JsonObject
        {
            ["execute"] = "guest-exec",
            ["arguments"] = new JsonObject { ["path"] = path, ["arg"] = new JsonArray([.. arguments.Select(one => JsonValue.Create(one))]) },
        }.ToJsonString();

    private (int Status, string Output) Test(string request) => RunningAgent.Run(RunningAgent.Program, "-c", Configuration, "--policy-test", request);

    private string Open(string path, string? mode = null)
    {
        JsonObject arguments = new() { ["path"] = _files.Combine(path) };
        if (mode is not null)
        {
            arguments["mode"] = mode;
        }

        return new JsonObject { ["execute"] = "guest-file-open", ["arguments"] = arguments }.ToJsonString();
    }
}
