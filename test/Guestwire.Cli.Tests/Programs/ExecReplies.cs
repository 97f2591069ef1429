using System.Text;
using System.Text.Json;

namespace Guestwire.Cli.Tests.Programs;

/// <summary>Agents that play a program.</summary>
internal static class ExecReplies
{
    /// <summary>Bytes as they are on the wire.</summary>
    internal static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>QEMU's agent, on which a program runs and ends so.</summary>
    internal static FakeAgent Plain(string status) => FakeAgent.Start("7.2.22")
        .Returns("guest-exec", """{"pid": 77}""")
        .ReturnsInTurn("guest-exec-status", """{"exited": false}""", status);

    /// <summary>Guestwire's agent, which tells so of a program's output, reply by reply.</summary>
    internal static FakeAgent Streaming(params string[] replies) => FakeAgent.Start()
        .Returns("guest-exec", """{"pid": 77}""")
        .Returns("guest-exec-status", """{"exited": true, "exitcode": 0}""")
        .Returns("__org.guestwire_exec-signal", "{}")
        .Answers("__org.guestwire_exec-write", arguments => FakeAgent.Return(
            $$"""{"cursor": {{arguments.GetProperty("cursor").GetInt64() + Convert.FromBase64String(arguments.GetProperty("buf-b64").GetString()!).Length}}, "open": {{(IsEnd(arguments) ? "false" : "true")}}}"""))
        .ReturnsInTurn("__org.guestwire_exec-read", replies);

    /// <summary>A piece of output, and that more may come.</summary>
    internal static string Piece(string output, int cursor) =>
        $$"""{"out-data": "{{Base64(output)}}", "out-cursor": {{cursor}}, "err-cursor": 0, "out-ended": false, "err-ended": false, "exited": false}""";

    /// <summary>The end.</summary>
    internal static string End(int cursor, string how = "\"exitcode\": 0") =>
        $$"""{"out-cursor": {{cursor}}, "err-cursor": 0, "out-ended": true, "err-ended": true, "exited": true, {{how}}}""";

    /// <summary>The arguments of the first request of a command.</summary>
    internal static JsonElement ArgumentsOf(FakeAgent agent, string command) =>
        JsonDocument.Parse(agent.Requests.First(request => request.Contains($"\"{command}\"", StringComparison.Ordinal))).RootElement.GetProperty("arguments");

    /// <summary>The commands that an agent was sent, in their order, without pings and the question what it is.</summary>
    internal static string[] CommandsOf(FakeAgent agent) =>
    [
        .. agent.Requests.Select(request => JsonDocument.Parse(request).RootElement.GetProperty("execute").GetString()!).Where(command => command is not ("guest-ping" or "guest-info")),
    ];

    private static bool IsEnd(JsonElement arguments) => arguments.TryGetProperty("end", out JsonElement end) && end.GetBoolean();
}
