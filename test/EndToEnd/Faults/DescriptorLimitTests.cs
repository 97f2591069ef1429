using System.Text.Json.Nodes;
using EndToEnd.ProcessSuite;
using EndToEnd.Sandbox;

namespace EndToEnd.Faults;

/// <summary>An agent that may have few descriptors: what needs one fails with a clear error, and works again as soon as some are free.</summary>
[Collection(FaultsCollection.Name)]
[Trait("Suite", "faults")]
public sealed class DescriptorLimitTests
{
    private static readonly string[] Fine = ["fine"];

    [Fact]
    public void A_host_that_opens_files_without_end_is_told_so_and_the_rest_of_the_agent_works_on()
    {
        using RunningAgent agent = WithDescriptors(1024);
        using HostLink host = agent.Connect();

        List<long> handles = OpenUntilRefused(host, out string error);

        Assert.Equal($"too many open files: close some of the {handles.Count} handles first", error);
        Assert.InRange(handles.Count, 512, 1024);
        using HostLink another = agent.Connect();
        Assert.Equal("ZmluZQo=", (string?)another.Execute(Echo)["out-data"]);

        host.Call("guest-file-close", new { handle = handles[0] });
        host.Call("guest-file-open", new { path = "/dev/null" });
    }

    [Fact]
    public void Without_a_free_descriptor_hosts_wait_programs_and_files_are_refused_and_all_of_it_comes_back()
    {
        using RunningAgent agent = WithDescriptors(32);
        using HostLink host = agent.Connect();
        host.Execute(Echo);
        string[] idle = [.. agent.Descriptors.Order()];
        List<long> handles = OpenUntilRefused(host, out string error);
        Assert.StartsWith("too many open files", error, StringComparison.Ordinal);

        // The connections take what is left.
        List<HostLink> hosts = [.. Enumerable.Range(0, 24).Select(_ => agent.Connect())];
        RunningAgent.WaitUntil(() => Directory.GetFiles($"/proc/{agent.ProcessId}/fd").Length >= 31, "the descriptors to be used up");
        hosts.ForEach(waiting => waiting.Send(HostLink.Request("guest-sync", new { id = 1 }) + "\n"));
        Assert.Contains("Too many open files", host.Refused("guest-exec", Echo), StringComparison.Ordinal);
        long ticks = agent.CpuTicks;
        Assert.False(host.HearsSomething(TimeSpan.FromSeconds(2)));
        Assert.InRange(agent.CpuTicks - ticks, 0, 4);

        // Who closes is served first, and so makes place for the next.
        foreach (HostLink waiting in hosts)
        {
            Assert.Equal("{\"return\": 1}", waiting.ReadLine());
            waiting.Dispose();
        }

        handles.ForEach(handle => host.Call("guest-file-close", new { handle }));
        Assert.Equal("ZmluZQo=", (string?)host.Execute(Echo)["out-data"]);
        Assert.Equal(idle, agent.Descriptors.Order());
    }

    private static Dictionary<string, object> Echo => new() { ["path"] = "/bin/echo", ["arg"] = Fine, ["capture-output"] = true };

    private static List<long> OpenUntilRefused(HostLink host, out string error)
    {
        List<long> handles = [];
        JsonNode reply;
        while ((reply = host.Ask(HostLink.Request("guest-file-open", new { path = "/dev/null" })))["return"] is { } handle)
        {
            handles.Add((long)handle);
        }

        error = (string)reply["error"]!["desc"]!;
        return handles;
    }

    private static RunningAgent WithDescriptors(int count)
    {
        TemporaryFolder folder = new();
        RunningAgent agent = RunningAgent.Start(
            folder, "/bin/sh", "-c", $"ulimit -n {count}; exec {RunningAgent.Program} -m unix-listen -p {folder.Combine("socket")} -t {folder.Path}");
        agent.WaitUntilItListens();
        return agent;
    }
}
