using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>strace upon the running service, all its threads and children; what it writes lies in memory, not on a disk.</summary>
internal sealed class ServiceTrace : IAsyncDisposable
{
    private const string Calls = "/run/trace";
    private readonly GuestShell shell;
    private readonly string pid;
    private bool stopped;

    private ServiceTrace(GuestShell shell, string pid) => (this.shell, this.pid) = (shell, pid);

    /// <summary>Takes hold of the service.</summary>
    /// <param name="guest">Where it runs.</param>
    /// <param name="calls">The system calls to write down, as strace's <c>--trace</c> has it.</param>
    internal static async Task<ServiceTrace> StartAsync(DebianMachine guest, string calls)
    {
        string service = await guest.ReadServiceAsync("MainPID");
        string pid = await guest.Shell.DoAsync(
            $"rm -f {Calls}*; strace --follow-forks --decode-fds=path --trace='{calls}' --output={Calls} --attach={service} > {Calls}.log 2>&1 & echo $!");
        await guest.Shell.DoAsync($"until grep -q attached {Calls}.log; do sleep 0.1; done");
        return new ServiceTrace(guest.Shell, pid.Trim());
    }

    /// <summary>Lets go of the service.</summary>
    /// <returns>One line for each call: the thread's number, then the call; in two parts when another thread came in between.</returns>
    internal async Task<string[]> StopAsync()
    {
        if (!stopped)
        {
            stopped = true;
            await shell.DoAsync($"kill {pid}; while [ -e /proc/{pid} ]; do sleep 0.1; done");
        }

        return (await shell.DoAsync($"cat {Calls}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await shell.DoAsync($"rm {Calls} {Calls}.log");
    }
}
