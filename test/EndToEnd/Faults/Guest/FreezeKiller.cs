using System.Globalization;
using System.Text;
using System.Text.Json;
using EndToEnd.DebianGuest;
using EndToEnd.Play;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Faults.Guest;

/// <summary>
/// Kills the service in the guest, and looks before systemd starts it again: freeze-killer.py at the other end of a port. The service has a
/// hook that takes its time, before each freeze and after each thaw.
/// </summary>
internal sealed class FreezeKiller : IAsyncDisposable
{
    private const string Folder = "/run/freeze-killer";
    private const string Marker = "/run/qga.state.isfrozen";
    private const string Hook = "/etc/qemu/fsfreeze-hook";
    private const string DropIn = $"/run/systemd/system/{DebianMachine.Service}.d";

    private readonly DebianMachine guest;
    private readonly SparePort port;
    private ServiceConfiguration? configuration;
    private LineConnection? line;

    private FreezeKiller(DebianMachine guest, SparePort port) => (this.guest, this.port) = (guest, port);

    /// <summary>Makes everything ready.</summary>
    internal static async Task<FreezeKiller> StartAsync(DebianMachine guest, params string[] directories)
    {
        FreezeKiller killer = new(guest, await SparePort.PlugAsync(guest));
        try
        {
            await killer.PrepareAsync(directories);
            return killer;
        }
        catch
        {
            await killer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells it to kill the agent after a time from now on. What was sent to the agent before arrives there before.</summary>
    internal Task OrderAsync(TimeSpan after) =>
        SendAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"kill-after\": {after.TotalSeconds:F4}}}\n"));

    /// <summary>Waits until the agent is dead, the next one runs, and everything can be written to.</summary>
    /// <returns>Which of the directories were frozen between the two, and whether the marker was there.</returns>
    internal async Task<(string[] Frozen, bool HasMarker)> WaitAsync()
    {
        JsonElement answer = await ReadAsync();
        return ([.. answer.GetProperty("frozen").EnumerateArray().Select(one => one.GetString()!)], answer.GetProperty("marker").GetBoolean());
    }

    /// <summary>Looks at the guest as it is now.</summary>
    /// <returns>Whether the marker is there, and what the hook was called with the last time.</returns>
    internal async Task<(bool HasMarker, string Hook)> LookAsync()
    {
        await SendAsync("{}\n");
        JsonElement answer = await ReadAsync();
        return (answer.GetProperty("marker").GetBoolean(), answer.GetProperty("hook").GetString()!);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The program in the guest ends with its port's host.
        line?.Dispose();
        await guest.Shell.DoAsync($"rm -rf {DropIn}; systemctl daemon-reload; systemctl restart {DebianMachine.Service}");
        await guest.WaitForAgentAsync();
        if (configuration is not null)
        {
            await configuration.DisposeAsync();
        }

        await guest.Shell.DoAsync($"rm -rf {Hook} {Folder}");
        await port.DisposeAsync();
    }

    private async Task PrepareAsync(string[] directories)
    {
        await guest.Shell.DoAsync($"mkdir -p /etc/qemu {Folder} {DropIn} && mkfifo {Folder}/gate");
        await guest.Shell.DoAsync($"printf '%s\\n' '#!/bin/sh' 'echo $1 >> {Folder}/calls; sleep 0.05' > {Hook} && chmod 755 {Hook}");
        await using (AgentConversation host = await guest.ConnectAsync())
        {
            long handle = await host.OpenAsync(Folder + "/program", "w");
            await host.WriteAsync(handle, await File.ReadAllTextAsync(Checkout.BesideTests("Faults", "Guest", "freeze-killer.py")));
            await host.AskAsync("guest-file-close", new { handle });
        }

        configuration = await ServiceConfiguration.WriteAsync(guest, "fsfreeze-hook=" + Hook);

        // From its next start on the service waits until the fifo was opened.
        await guest.Shell.DoAsync(
            $"printf '%s\\n' '[Service]' RestartSec=0 'ExecStartPre=/bin/cat {Folder}/gate' > {DropIn}/gate.conf && systemctl daemon-reload");
        line = await guest.ConnectRawAsync(SparePort.Socket);
        await guest.Shell.DoAsync(
            $"python3 {Folder}/program {SparePort.Path} {Folder}/gate {Marker} {Folder}/calls {string.Join(' ', directories)} > {Folder}/errors 2>&1 & true");
        await LookAsync();
    }

    private async Task SendAsync(string text)
    {
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        await line!.SendAsync(Encoding.ASCII.GetBytes(text), deadline.Token);
    }

    private async Task<JsonElement> ReadAsync()
    {
        try
        {
            using CancellationTokenSource deadline = new(BootedMachine.Patience);
            return JsonDocument.Parse(await line!.ReadLinesAsync(1, deadline.Token)).RootElement;
        }
        catch (OperationCanceledException cause)
        {
            throw new TimeoutException("the killer is silent: " + await guest.Shell.DoAsync($"cat {Folder}/errors; dmesg | tail -n 30"), cause);
        }
    }
}
