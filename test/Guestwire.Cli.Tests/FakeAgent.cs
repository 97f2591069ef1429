using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Guestwire.Cli.Tests;

/// <summary>
/// An agent that plays a part: it answers each request from a table. It knows guest-sync-delimited, guest-ping and guest-info by itself; what stands in the
/// table is in its guest-info. Requests are lines, as the client writes them.
/// </summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, Func<JsonElement, string?>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _disabled = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _serving;
    private bool _isDisposed;
    private Func<string, bool> _holds = _ => false;
    private Task _heldUntil = Task.CompletedTask;

    private FakeAgent(string path, TemporaryFolder? folder)
    {
        _folder = folder;
        Path = path;
        _answers["guest-sync-delimited"] = arguments => $"\u00ff{{\"return\": {arguments.GetProperty("id").GetRawText()}}}";
        _answers["guest-ping"] = _ => Return("{}");
        _answers["guest-info"] = _ => Return(Information());
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>Told of each request when it has come, before it is answered.</summary>
    internal Action<string> OnRequest { get; set; } = _ => { };

    /// <summary>Its socket.</summary>
    internal string Path { get; }

    /// <summary>Its socket as a target.</summary>
    internal string Target => $"unix:{Path}";

    /// <summary>The version that it claims.</summary>
    internal string Version { get; init; } = "10.2.0";

    /// <summary>The requests so far, without those that bring both ends in step.</summary>
    internal string[] Requests => [.. _requests];

    /// <summary>One on a socket of its own.</summary>
    internal static FakeAgent Start(string version = "10.2.0")
    {
        TemporaryFolder folder = new();
        return new FakeAgent(folder.File("agent"), folder) { Version = version };
    }

    /// <summary>One on a socket of that path.</summary>
    internal static FakeAgent StartAt(string path) => new(path, null);

    /// <summary>It answers a command with a value.</summary>
    internal FakeAgent Returns(string command, string json) => Answers(command, _ => Return(json));

    /// <summary>It answers a command with one value after the other, and then with the last for ever.</summary>
    internal FakeAgent ReturnsInTurn(string command, params string[] json)
    {
        int turn = 0;
        return Answers(command, _ => Return(json[Math.Min(Interlocked.Increment(ref turn), json.Length) - 1]));
    }

    /// <summary>It answers a command with an error.</summary>
    internal FakeAgent Fails(string command, string description) => Answers(command, _ => Error("GenericError", description));

    /// <summary>It has a command and does not let hosts use it.</summary>
    internal FakeAgent Disables(string command)
    {
        _disabled[command] = true;
        return Answers(command, _ => Error("CommandNotFound", $"Command {command} has been disabled"));
    }

    /// <summary>It reads everything and says nothing.</summary>
    internal FakeAgent IsSilent()
    {
        foreach (string command in _answers.Keys)
        {
            _answers[command] = _ => null;
        }

        return this;
    }

    /// <summary>It does not answer some commands, nor what comes behind them, before that.</summary>
    internal FakeAgent HoldsRepliesUntil(Task time, Func<string, bool> isHeld)
    {
        _heldUntil = time;
        _holds = isHeld;
        return this;
    }

    /// <summary>It answers a command with what comes of its arguments: a whole reply, or null for none; an IOException breaks the connection.</summary>
    internal FakeAgent Answers(string command, Func<JsonElement, string?> answer)
    {
        _answers[command] = answer;
        return this;
    }

    /// <summary>A reply that succeeds.</summary>
    internal static string Return(string json) => $"{{\"return\": {json}}}";

    /// <summary>Ends it; a test that has done so already may do so again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _ending.CancelAsync();
        _listener.Dispose();
        await _serving;
        _ending.Dispose();
        _folder?.Dispose();
    }

    private static string Error(string errorClass, string description) =>
        $"{{\"error\": {{\"class\": \"{errorClass}\", \"desc\": \"{description}\"}}}}";

    private string Information() =>
        $"{{\"version\": \"{Version}\", \"supported_commands\": [{string.Join(", ", _answers.Keys.Select(command =>
            $"{{\"name\": \"{command}\", \"enabled\": {(_disabled.ContainsKey(command) ? "false" : "true")}, \"success-response\": true}}"))}]}}";

    private async Task ServeAsync()
    {
        List<Task> hosts = [];
        try
        {
            while (true)
            {
                hosts.Add(ServeAsync(await _listener.AcceptAsync(_ending.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(hosts);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using NetworkStream stream = new(socket, ownsSocket: true);

        // One byte is one character, so that the 0xFF before a sync and its reply is one too.
        using StreamReader reader = new(stream, Encoding.Latin1);
        Channel<string> lines = Channel.CreateUnbounded<string>();
        Task answering = AnswerAsync(stream, lines.Reader);
        try
        {
            while (await reader.ReadLineAsync(_ending.Token) is { } line)
            {
                string request = line.TrimStart('\u00ff');
                if (request.Length == 0)
                {
                    continue;
                }

                OnRequest(CommandOf(request));
                lines.Writer.TryWrite(request);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The test is over, or the host has gone.
        }

        lines.Writer.Complete();
        await answering;
    }

    private async Task AnswerAsync(NetworkStream stream, ChannelReader<string> requests)
    {
        try
        {
            await foreach (string request in requests.ReadAllAsync(_ending.Token))
            {
                if (_holds(CommandOf(request)))
                {
                    await _heldUntil.WaitAsync(_ending.Token);
                }

                if (Answer(request) is { } reply)
                {
                    await stream.WriteAsync(Encoding.Latin1.GetBytes($"{reply}\n"), _ending.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The test is over, or the host has gone, or an answer wants the connection to break.
            await stream.DisposeAsync();
        }
    }

    private static string CommandOf(string request)
    {
        using JsonDocument json = JsonDocument.Parse(request);
        return json.RootElement.GetProperty("execute").GetString()!;
    }

    private string? Answer(string line)
    {
        using JsonDocument request = JsonDocument.Parse(line);
        string command = request.RootElement.GetProperty("execute").GetString()!;
        if (command != "guest-sync-delimited")
        {
            _requests.Enqueue(line);
        }

        JsonElement arguments = request.RootElement.TryGetProperty("arguments", out JsonElement given) ? given : default;
        return _answers.TryGetValue(command, out Func<JsonElement, string?>? answer)
            ? answer(arguments)
            : Error("CommandNotFound", $"The command {command} has not been found");
    }
}
