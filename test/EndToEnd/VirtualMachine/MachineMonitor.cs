using System.Text;
using System.Text.Json;
using EndToEnd.Play;

namespace EndToEnd.VirtualMachine;

/// <summary>
/// QEMU's own monitor (QMP): changes and watches the machine from outside. JSON lines: a greeting, then replies, and
/// events in between whenever something happens.
/// </summary>
internal sealed class MachineMonitor : IDisposable
{
    private readonly LineConnection connection;
    private readonly Queue<JsonElement> read = new();
    private readonly List<JsonElement> events = [];

    private MachineMonitor(LineConnection connection) => this.connection = connection;

    /// <summary>Takes up the conversation; QEMU has one at a time.</summary>
    internal static async Task<MachineMonitor> ConnectAsync(BootedMachine machine)
    {
        MachineMonitor monitor = new(await machine.ConnectRawAsync("qmp.sock"));
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        Assert.True((await monitor.NextAsync(deadline.Token)).TryGetProperty("QMP", out _));
        await monitor.AskAsync("qmp_capabilities");
        return monitor;
    }

    /// <summary>Asks for a command that must succeed.</summary>
    /// <returns>What it returned.</returns>
    internal async Task<JsonElement> AskAsync(string command, object? arguments = null)
    {
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        string request = JsonSerializer.Serialize(new { execute = command, arguments = arguments ?? new { } });
        await connection.SendAsync(Encoding.UTF8.GetBytes(request + "\n"), deadline.Token);
        while (true)
        {
            JsonElement answer = await NextAsync(deadline.Token);
            if (answer.TryGetProperty("event", out _))
            {
                events.Add(answer);
                continue;
            }

            Assert.True(answer.TryGetProperty("return", out JsonElement result), $"{command}: {answer}");
            return result;
        }
    }

    /// <summary>Waits until an event of that name comes, or takes the earliest that came already and nobody took.</summary>
    /// <returns>Its data.</returns>
    internal async Task<JsonElement> WaitForEventAsync(string name, TimeSpan? patience = null)
    {
        using CancellationTokenSource deadline = new(patience ?? BootedMachine.Patience);
        int index;
        while ((index = events.FindIndex(one => one.GetProperty("event").ValueEquals(name))) < 0)
        {
            events.Add(await NextAsync(deadline.Token));
        }

        JsonElement found = events[index];
        events.RemoveAt(index);
        return found.TryGetProperty("data", out JsonElement data) ? data : default;
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private async Task<JsonElement> NextAsync(CancellationToken cancellation)
    {
        while (read.Count == 0)
        {
            string text = Encoding.UTF8.GetString(await connection.ReadLinesAsync(1, cancellation));
            Assert.True(text.Length > 0, "QEMU has ended");
            foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                read.Enqueue(JsonDocument.Parse(line).RootElement);
            }
        }

        return read.Dequeue();
    }
}
