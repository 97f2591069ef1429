using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using EndToEnd.Play;
using EndToEnd.Sandbox;

namespace EndToEnd.VirtualMachine;

/// <summary>A booted guest, run by eng/guest-run. One serves all tests of a class or collection.</summary>
public abstract class BootedMachine : IAsyncLifetime, IDisposable
{
    private const string UpMark = "The guest is up";

    // QEMU makes them in the order of its arguments: when this one is there, all are.
    private const string LastSocket = "login.sock";

    private readonly TemporaryFolder folder = new();
    private string accelerator = "";
    private Process? machine;
    private int boots;
    private long lastSync;

    /// <summary>How long anything may take in a guest that is up; megabytes through an emulated port take seconds.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The version that the agent states.</summary>
    internal string Version { get; } = AgentBinary.Ours.ReadVersion();

    /// <summary>A root shell in the guest.</summary>
    internal GuestShell Shell { get; private set; } = null!;

    /// <summary>Whether nothing is left of the machine but what is in its folder.</summary>
    internal bool IsOff => machine!.HasExited;

    /// <summary>How long the guest may take until it is up, on a busy machine without hardware virtualization.</summary>
    private protected abstract TimeSpan BootPatience { get; }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await PrepareAsync(folder.Path);
        accelerator = await CommandLine.RunAsync(EngineScript("guest-accelerator"), folder.Path);
        await StartAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        Shell?.Dispose();
        if (machine is not null)
        {
            // A TERM, which its wrapper passes on: killed, the wrapper would leave QEMU behind.
            if (!machine.HasExited)
            {
                await CommandLine.RunAsync("kill", machine.Id.ToString(CultureInfo.InvariantCulture));
            }

            await machine.WaitForExitAsync();
            machine.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Connects as a host does that knows nothing of what was before: resets the agent's reader and syncs.</summary>
    internal async Task<AgentConversation> ConnectAsync(string socket = "agent.sock")
    {
        AgentConversation conversation = new(await ConnectRawAsync(socket));
        try
        {
            await conversation.SyncAsync(++lastSync, Patience);
            return conversation;
        }
        catch
        {
            // QEMU serves one host at a time: one that nobody closes would keep all others out.
            await conversation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects and says nothing.</summary>
    internal async Task<LineConnection> ConnectRawAsync(string socket)
    {
        Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(folder.Combine(socket)));
        return new LineConnection(connection);
    }

    /// <summary>Starts the machine on what is in its folder, and waits until the guest is up and ready.</summary>
    internal async Task StartAsync()
    {
        SwitchOn();
        await WaitForBootAsync();
    }

    /// <summary>Starts the machine on a guest that put itself to sleep on its disk, and waits until its agent answers.</summary>
    internal async Task ResumeAsync()
    {
        await SwitchOnAsync();
        await WaitForAgentAsync(patience: BootPatience);
        await ReconnectShellAsync();
    }

    /// <summary>Waits until the guest has booted once more, and is ready.</summary>
    internal async Task WaitForBootAsync()
    {
        await WaitUntilUpAsync();
        await ReconnectShellAsync();
        await WaitUntilReadyAsync();
    }

    /// <summary>Waits until the guest has said something on its console since it was up.</summary>
    internal async Task WaitForConsoleAsync(string text)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!(await ReadConsoleAsync()).Split(UpMark)[^1].Contains(text, StringComparison.Ordinal))
        {
            await PauseAsync(waited);
        }
    }

    /// <summary>Waits until the machine has switched itself off.</summary>
    /// <returns>QEMU's exit status.</returns>
    internal async Task<int> WaitForPowerOffAsync()
    {
        using CancellationTokenSource deadline = new(BootPatience);
        await machine!.WaitForExitAsync(deadline.Token);
        return machine.ExitCode;
    }

    /// <summary>Kills the machine in the middle of whatever it does: nobody in it, and nobody at its ports, is told.</summary>
    internal async Task KillAsync()
    {
        // The script has become timeout(1), whose only child is QEMU.
        string children = string.Create(CultureInfo.InvariantCulture, $"/proc/{machine!.Id}/task/{machine.Id}/children");
        await CommandLine.RunAsync("kill", "-KILL", (await File.ReadAllTextAsync(children)).Trim());
        await WaitForPowerOffAsync();
    }

    /// <summary>Switches the machine off and on again.</summary>
    internal async Task RestartAsync()
    {
        await using (AgentConversation host = await ConnectAsync())
        {
            await host.SendAsync("{\"execute\":\"guest-shutdown\"}\n");
            await WaitForPowerOffAsync();
        }

        await StartAsync();
    }

    /// <summary>Halts the guest through its agent, looks at the machine, and boots the guest once more.</summary>
    /// <returns>What QEMU says of a machine whose guest has halted.</returns>
    internal async Task<string?> HaltAsync()
    {
        using MachineMonitor monitor = await MachineMonitor.ConnectAsync(this);
        JsonElement status = await AskForSilenceAsync("guest-shutdown", "halt", async () =>
        {
            await WaitForConsoleAsync("reboot: System halted");
            return await monitor.AskAsync("query-status");
        });
        await monitor.AskAsync("system_reset");
        await WaitForBootAsync();
        return status.GetProperty("status").GetString();
    }

    /// <summary>Asks for a command whose success is silence and what follows. The host stays until it has seen that.</summary>
    /// <param name="command">The command.</param>
    /// <param name="mode">Its argument of that name, or null.</param>
    /// <param name="seeEffect">Waits until it has happened.</param>
    /// <returns>What <paramref name="seeEffect"/> saw.</returns>
    internal async Task<JsonElement> AskForSilenceAsync(string command, string? mode, Func<Task<JsonElement>> seeEffect)
    {
        await using AgentConversation host = await ConnectAsync();
        await host.SendAsync(mode is null
            ? $"{{\"execute\":\"{command}\"}}\n"
            : $"{{\"execute\":\"{command}\",\"arguments\":{{\"mode\":\"{mode}\"}}}}\n");
        return await seeEffect();
    }

    /// <summary>Waits until an agent answers on the socket.</summary>
    internal async Task WaitForAgentAsync(string socket = "agent.sock", TimeSpan? patience = null)
    {
        // A serial line's agent throws away what came before it was there, so it is asked again.
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            await using AgentConversation conversation = new(await ConnectRawAsync(socket));
            try
            {
                await conversation.SyncAsync(++lastSync, TimeSpan.FromSeconds(2));
                return;
            }
            catch (OperationCanceledException) when (waited.Elapsed < (patience ?? Patience))
            {
                // Not yet.
            }
        }
    }

    /// <summary>The script of eng/ that runs the guest.</summary>
    private protected virtual string RunScript => "guest-run";

    /// <summary>Further arguments of that script: seconds, then for eng/guest-run QEMU's own.</summary>
    private protected virtual IReadOnlyList<string> RunArguments => [];

    /// <summary>Puts what the guest boots into <paramref name="path"/>.</summary>
    private protected abstract Task PrepareAsync(string path);

    /// <summary>Called after each boot, when the shell is there.</summary>
    private protected abstract Task WaitUntilReadyAsync();

    /// <summary>A script of eng/.</summary>
    private protected static string EngineScript(string name) => Path.Combine(Checkout.Root, "eng", name);

    /// <summary>A path in the machine's folder on the host.</summary>
    internal string PathOf(string name) => folder.Combine(name);

    /// <summary>Waits until the guest says on its console once more that it is up.</summary>
    private protected async Task WaitUntilUpAsync()
    {
        Stopwatch waited = Stopwatch.StartNew();
        while ((await ReadConsoleAsync()).Split(UpMark).Length - 1 <= boots)
        {
            await PauseAsync(waited);
        }

        boots++;
    }

    /// <summary>Empties the console's file: what stands there from now on is of the next boot. QEMU appends to it.</summary>
    private protected void ForgetConsole()
    {
        boots = 0;
        File.WriteAllText(PathOf("console.log"), "");
    }

    /// <summary>Starts the machine, and waits until a host can connect to it, whatever its guest is doing.</summary>
    private protected async Task SwitchOnAsync()
    {
        SwitchOn();
        Stopwatch waited = Stopwatch.StartNew();
        while (!await IsListeningAsync(LastSocket))
        {
            await PauseAsync(waited);
        }
    }

    /// <summary>Connects to the root shell of a guest that was started anew.</summary>
    private protected async Task ReconnectShellAsync()
    {
        Shell?.Dispose();
        Shell = new GuestShell(await ConnectRawAsync("shell.sock"));
    }

    private void SwitchOn()
    {
        // What the last run left would be taken for this one's.
        machine?.Dispose();
        boots = 0;
        File.Delete(PathOf("console.log"));
        File.Delete(PathOf(LastSocket));
        machine = Process.Start(EngineScript(RunScript), [folder.Path, accelerator, .. RunArguments]);
    }

    private async Task<bool> IsListeningAsync(string socket)
    {
        try
        {
            (await ConnectRawAsync(socket)).Dispose();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<string> ReadConsoleAsync() =>
        File.Exists(PathOf("console.log")) ? await File.ReadAllTextAsync(PathOf("console.log")) : "";

    private async Task PauseAsync(Stopwatch waited)
    {
        if (machine!.HasExited || waited.Elapsed > BootPatience)
        {
            throw new TimeoutException($"the guest did not get there: {await ReadConsoleAsync()}");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(100));
    }
}
