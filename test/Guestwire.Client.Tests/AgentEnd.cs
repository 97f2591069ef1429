using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Guestwire.Client.Tests;

/// <summary>The agent's end of a stream, in the hands of a test. Bytes are characters of Latin-1.</summary>
internal sealed class AgentEnd(Stream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream, Encoding.Latin1);

    /// <summary>The next line, which is a request.</summary>
    internal async Task<string> ReadAsync() =>
        await _reader.ReadLineAsync().WaitAsync(PlayedAgent.Patience) ?? throw new EndOfStreamException();

    /// <summary>Whether the client closed its end and nothing was left of what it sent.</summary>
    internal async Task<bool> IsAtEndAsync() => await _reader.ReadLineAsync().WaitAsync(PlayedAgent.Patience) is null;

    /// <summary>The next line must be a sync with a 0xFF before it.</summary>
    /// <returns>Its reply, as an agent sends it.</returns>
    internal async Task<string> ReadSyncAsync()
    {
        string line = await ReadAsync();
        Assert.StartsWith("\u00FF", line, StringComparison.Ordinal);
        return ReplyToSync(line[1..]);
    }

    /// <summary>The reply to a sync.</summary>
    internal static string ReplyToSync(string request)
    {
        using JsonDocument document = JsonDocument.Parse(request);
        Assert.Equal("guest-sync-delimited", document.RootElement.GetProperty("execute").GetString());
        long id = document.RootElement.GetProperty("arguments").GetProperty("id").GetInt64();
        return string.Create(CultureInfo.InvariantCulture, $"\u00FF{{\"return\": {id}}}\n");
    }

    /// <summary>Sends bytes.</summary>
    internal async Task SendAsync(string text) =>
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().WaitAsync(PlayedAgent.Patience);

    /// <summary>Reads a sync and answers it.</summary>
    internal async Task AnswerSyncAsync() => await SendAsync(await ReadSyncAsync());

    public void Dispose()
    {
        _reader.Dispose();
        stream.Dispose();
    }
}
