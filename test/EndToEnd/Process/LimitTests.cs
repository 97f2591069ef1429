using System.Globalization;
using System.Text.Json.Nodes;
using EndToEnd.Sandbox;

namespace EndToEnd.ProcessSuite;

/// <summary>A host that asks for more and more gets a clear error at some point, and the agent goes on.</summary>
[Trait("Suite", "process")]
public sealed class LimitTests
{
    [Fact]
    public void A_host_that_opens_files_without_end_is_told_so_and_the_rest_of_the_agent_works_on()
    {
        TemporaryFolder folder = new();
        using RunningAgent agent = RunningAgent.Start(
            folder, "/bin/sh", "-c", $"ulimit -n 1024; exec {RunningAgent.Program} -m unix-listen -p {folder.Combine("socket")} -t {folder.Path}");
        RunningAgent.WaitUntil(() => File.Exists(folder.Combine("socket")), "the socket");
        using HostLink host = agent.Connect();

        List<long> handles = [];
        JsonNode reply;
        while ((reply = host.Ask("""{"execute":"guest-file-open","arguments":{"path":"/dev/null"}}"""))["return"] is { } handle)
        {
            handles.Add((long)handle);
        }

        Assert.Equal($"too many open files: close some of the {handles.Count} handles first", (string?)reply["error"]!["desc"]);
        Assert.InRange(handles.Count, 512, 1024);
        using HostLink another = agent.Connect();
        long pid = (long)another.Ask("""{"execute":"guest-exec","arguments":{"path":"/bin/echo","arg":["fine"],"capture-output":true}}""")["return"]!["pid"]!;
        RunningAgent.WaitUntil(
            () => (string?)another.Ask(OfNumber("guest-exec-status", "pid", pid))["return"]!["out-data"] == "ZmluZQo=", "the program's output");

        Assert.NotNull(host.Ask(OfNumber("guest-file-close", "handle", handles[0]))["return"]);
        Assert.NotNull(host.Ask("""{"execute":"guest-file-open","arguments":{"path":"/dev/null"}}""")["return"]);
    }

    private static string OfNumber(string command, string name, long number) =>
        $"{{\"execute\":\"{command}\",\"arguments\":{{\"{name}\":{number.ToString(CultureInfo.InvariantCulture)}}}}}";
}
