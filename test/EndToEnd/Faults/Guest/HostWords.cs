using System.Text;
using System.Text.Json;
using EndToEnd.Play;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Faults.Guest;

/// <summary>What the hosts of these tests say more than once.</summary>
internal static class HostWords
{
    /// <summary>Opens a file.</summary>
    /// <returns>Its handle.</returns>
    internal static async Task<long> OpenAsync(this AgentConversation host, string path, string mode) =>
        (await host.AskAsync("guest-file-open", new { path, mode })).GetInt64();

    /// <summary>Writes text to an open file, and to the disk.</summary>
    internal static async Task WriteAsync(this AgentConversation host, long handle, string text)
    {
        await host.AskAsync("guest-file-write", new Dictionary<string, object>
        {
            ["handle"] = handle,
            ["buf-b64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        });
        await host.AskAsync("guest-file-flush", new { handle });
    }

    /// <summary>Starts a shell script whose output is kept.</summary>
    /// <returns>The process's number.</returns>
    internal static async Task<int> StartAsync(this AgentConversation host, string script)
    {
        JsonElement started = await host.AskAsync("guest-exec", new Dictionary<string, object>
        {
            ["path"] = "/bin/sh",
            ["arg"] = (string[])["-c", script],
            ["capture-output"] = true,
        });
        return started.GetProperty("pid").GetInt32();
    }

    /// <summary>Waits until a started program has ended.</summary>
    /// <returns>What guest-exec-status says then.</returns>
    internal static async Task<JsonElement> WaitForEndAsync(this AgentConversation host, int pid)
    {
        JsonElement status;
        do
        {
            status = await host.AskAsync("guest-exec-status", new { pid });
        }
        while (!status.GetProperty("exited").GetBoolean());
        return status;
    }

    /// <summary>Comes as a host that expects no ill: nothing is reset, nothing skipped.</summary>
    /// <returns>The first thing it hears, having asked for a sync with the id 4711.</returns>
    internal static async Task<string> AskFirstAsync(this BootedMachine guest, string socket = "agent.sock")
    {
        using LineConnection host = await guest.ConnectRawAsync(socket);
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        await host.SendAsync("{\"execute\":\"guest-sync\",\"arguments\":{\"id\":4711}}\n"u8.ToArray(), deadline.Token);
        return Encoding.Latin1.GetString(await host.ReadLinesAsync(1, deadline.Token));
    }
}
