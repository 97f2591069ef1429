using System.Globalization;
using System.Text;
using System.Text.Json;
using EndToEnd.Play;

namespace EndToEnd.VirtualMachine;

/// <summary>A host's conversation with an agent: one request, one reply line.</summary>
internal sealed class AgentConversation(LineConnection connection) : IAsyncDisposable
{
    /// <summary>Resets the agent's reader and skips all until the reply to a sync of our own.</summary>
    internal async Task SyncAsync(long id, TimeSpan patience)
    {
        using CancellationTokenSource deadline = new(patience);
        await connection.SendAsync(
            (byte[])[0xFF, .. Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{{\"execute\":\"guest-sync-delimited\",\"arguments\":{{\"id\":{id}}}}}\n"))],
            deadline.Token);
        string wanted = string.Create(CultureInfo.InvariantCulture, $"\u00FF{{\"return\": {id}}}\n");
        StringBuilder seen = new();
        while (!seen.ToString().EndsWith(wanted, StringComparison.Ordinal))
        {
            byte[] lines = await connection.ReadLinesAsync(1, deadline.Token);
            Assert.NotEmpty(lines);
            seen.Append(Encoding.Latin1.GetString(lines));
        }
    }

    /// <summary>Asks for a command and reads its reply line.</summary>
    internal async Task<string> AskLineAsync(string request)
    {
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        await connection.SendAsync(Encoding.UTF8.GetBytes(request + "\n"), deadline.Token);
        byte[] line = await connection.ReadLinesAsync(1, deadline.Token);
        return Encoding.ASCII.GetString(line).TrimEnd('\n');
    }

    /// <summary>Asks for a command that must succeed.</summary>
    /// <returns>What it returned.</returns>
    internal async Task<JsonElement> AskAsync(string command, object? arguments = null)
    {
        string line = await AskLineAsync(JsonSerializer.Serialize(arguments is null
            ? new Dictionary<string, object> { ["execute"] = command }
            : new Dictionary<string, object> { ["execute"] = command, ["arguments"] = arguments }));
        JsonElement reply = JsonDocument.Parse(line).RootElement;
        Assert.True(reply.TryGetProperty("return", out JsonElement result), line);
        return result;
    }

    /// <summary>Runs a shell script in the guest to its end, with one environment variable and something to read.</summary>
    /// <returns>What guest-exec-status says in the end.</returns>
    internal async Task<JsonElement> ExecuteAsync(string script, string variable, string input)
    {
        JsonElement started = await AskAsync("guest-exec", new Dictionary<string, object>
        {
            ["path"] = "/bin/sh",
            ["arg"] = (string[])["-c", script],
            ["env"] = (string[])[variable],
            ["input-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(input)),
            ["capture-output"] = true,
        });
        int pid = started.GetProperty("pid").GetInt32();
        while (true)
        {
            JsonElement status = await AskAsync("guest-exec-status", new { pid });
            if (status.GetProperty("exited").GetBoolean())
            {
                return status;
            }
        }
    }

    /// <summary>Sends bytes and does not wait for an answer.</summary>
    internal async Task SendAsync(string text)
    {
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        await connection.SendAsync(Encoding.UTF8.GetBytes(text), deadline.Token);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
