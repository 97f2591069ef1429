using System.Text.Json.Nodes;

namespace Guestwire.Agent.Tests.Policy;

public sealed class RequestAuditTests : IDisposable
{
    private readonly SessionBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_changing_command_is_accounted_for_with_its_outcome_and_time()
    {
        JsonNode line = Ask("guest-file-open", """{"path": "/dev/null", "mode": "w"}""");

        Assert.Equal("test", (string?)line["channel"]);
        Assert.Equal("guest-file-open", (string?)line["command"]);
        Assert.Equal("""{"path":"/dev/null","mode":"w"}""", line["arguments"]!.ToJsonString());
        Assert.Equal("allowed", (string?)line["decision"]);
        Assert.Equal("ok", (string?)line["outcome"]);
        Assert.Equal(0, (double)line["milliseconds"]!);
        Assert.EndsWith("Z", (string?)line["time"], StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_is_its_outcome() =>
        Assert.Equal(
            "failed to open file '/none' (mode: 'r'): No such file or directory",
            (string?)Ask("guest-file-open", """{"path": "/none"}""")["outcome"]);

    [Fact]
    public void What_changes_nothing_leaves_no_line()
    {
        Converse("guest-ping", "{}");
        Converse("guest-get-osinfo", "{}");

        Assert.Empty(Lines());
    }

    [Fact]
    public void Bytes_are_hidden_although_they_are_decoded_where_they_stand()
    {
        Converse("guest-file-open", """{"path": "/dev/null", "mode": "w"}""");
        long handle = 1000;
        JsonNode line = Ask("guest-file-write", $$"""{"buf-b64": "IiIiXFxc", "handle": {{handle}}, "count": 2}""");

        Assert.Equal("""{"buf-b64":"[hidden]","handle":1000,"count":2}""", line["arguments"]!.ToJsonString());
        Assert.Equal("ok", (string?)line["outcome"]);
    }

    [Fact]
    public void Of_a_program_its_path_is_told_and_how_much_it_was_given()
    {
        JsonNode line = Ask("guest-exec", """{"path": "/none", "arg": ["--password", "hunter2"], "env": ["SECRET=hunter2"], "input-data": "aHVudGVyMg=="}""");

        Assert.Equal(
            """{"path":"/none","arg":"[2 hidden]","env":"[1 hidden]","input-data":"[hidden]"}""", line["arguments"]!.ToJsonString());
    }

    [Fact]
    public void A_password_is_hidden()
    {
        JsonNode line = Ask("guest-set-user-password", """{"username": "no:body", "password": "c2VjcmV0", "crypted": false}""");

        Assert.Equal("""{"username":"no:body","password":"[hidden]","crypted":false}""", line["arguments"]!.ToJsonString());
    }

    [Fact]
    public void An_argument_that_is_too_long_is_told_by_its_length()
    {
        JsonNode line = Ask("guest-file-open", $$"""{"path": "/{{new string('x', 2000)}}"}""");

        Assert.Equal("""{"path":"[2003 bytes]"}""", line["arguments"]!.ToJsonString());
    }

    private JsonNode Ask(string command, string arguments)
    {
        Converse(command, arguments);
        return JsonNode.Parse(Lines()[^1])!;
    }

    private void Converse(string command, string arguments)
    {
        (Host host, _) = _bench.Connect();
        using (host)
        {
            host.Send($$"""{"execute": "{{command}}", "arguments": {{arguments}} }""" + "\n");
            string reply = "";
            _bench.Parts.TurnUntil(() => (reply += host.Read()).EndsWith('\n'));
        }
    }

    private string[] Lines() =>
        [.. _bench.Parts.Log.Text.Split('\n').Where(line => line.StartsWith("{\"time\"", StringComparison.Ordinal))];
}
