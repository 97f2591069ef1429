using System.Text.Json;
using EndToEnd.Corpus;

namespace EndToEnd.Sandbox;

/// <summary>A case without files, setup or steps, for tests that hold their conversation themselves.</summary>
internal static class SandboxCase
{
    /// <summary>The arguments with which an agent listens where <see cref="SandboxedAgent.ConnectAsync"/> connects.</summary>
    internal static IReadOnlyList<string> Listening { get; } =
        ["-m", "unix-listen", "-p", SandboxedAgent.SocketPath, "-t", SandboxedAgent.StateFolder];

    /// <summary>The case.</summary>
    internal static TranscriptCase Empty { get; } = new()
    {
        Name = "empty",
        Arguments = [],
        Environment = new Dictionary<string, string>(),
        Files = new Dictionary<string, FileContent>(),
        StateFiles = new Dictionary<string, FileContent>(),
        Setup = "",
        Needs = [],
        Steps = [],
        FilesAfter = new Dictionary<string, JsonElement>(),
    };
}
