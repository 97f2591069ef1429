using System.Text.Json;

namespace Guestwire.Cli.Tests;

/// <summary>What an agent answers that has files: a directory /srv and, in any folder, files whose names begin with "file", each with four bytes.</summary>
internal static class FileAgent
{
    private const string Content = "some";

    /// <summary>One that takes and gives files.</summary>
    internal static FakeAgent Start() => FakeAgent.Start()
        .Answers("__org.guestwire_file-stat", arguments => Status(arguments.GetProperty("path").GetString()!))
        .Returns("__org.guestwire_file-make-directory", "{}")
        .Returns("__org.guestwire_file-set-attributes", "{}")
        .Returns("__org.guestwire_file-rename", "{}")
        .Returns("__org.guestwire_file-remove", "{}")
        .Returns("guest-file-open", "1000")
        .Returns("guest-file-read", $$"""{"count": 4, "buf-b64": "{{Convert.ToBase64String("some"u8)}}", "eof": true}""")
        .Answers("guest-file-write", arguments => FakeAgent.Return($$"""{"count": {{arguments.GetProperty("buf-b64").GetBytesFromBase64().Length}}, "eof": false}"""))
        .Returns("guest-file-close", "{}");

    /// <summary>The names that files got when they were whole.</summary>
    internal static IEnumerable<string> Placed(FakeAgent agent) =>
        Asked(agent, "__org.guestwire_file-rename").Select(arguments => arguments.GetProperty("to").GetString()!);

    /// <summary>The permissions that files were made with.</summary>
    internal static IEnumerable<int> Opened(FakeAgent agent) =>
        Asked(agent, "guest-file-open").Select(arguments => arguments.GetProperty("permissions").GetInt32());

    /// <summary>What stands in a status.</summary>
    internal static string StatusOf(string type, int sizeBytes) =>
        $$"""
        {"type": "{{type}}", "mode": 420, "user-id": 0, "group-id": 0, "size-bytes": {{sizeBytes}}, "allocated-bytes": 4096,
         "modified-ns": 0, "accessed-ns": 0, "changed-ns": 0, "links": 1, "device": 1, "inode": 1 }
        """;

    private static IEnumerable<JsonElement> Asked(FakeAgent agent, string command) =>
        agent.Requests.Select(request => JsonDocument.Parse(request).RootElement)
            .Where(request => request.GetProperty("execute").GetString() == command)
            .Select(request => request.GetProperty("arguments"));

    private static string Status(string path) =>
        path == "/srv" ? FakeAgent.Return(StatusOf("directory", 4096))
        : path[(path.LastIndexOf('/') + 1)..].StartsWith("file", StringComparison.Ordinal) ? FakeAgent.Return(StatusOf("regular", Content.Length))
        : """{"error": {"class": "GenericError", "desc": "cannot look at it: No such file or directory"}}""";
}
