using System.Globalization;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Faults.Guest;

/// <summary>An agent that a test starts in the guest beside the service, on a channel of its own.</summary>
internal sealed class StartedAgent : IAsyncDisposable
{
    private const string Folder = "/run/started-agent";

    private readonly GuestShell shell;

    private StartedAgent(GuestShell shell, int pid) => (this.shell, Pid) = (shell, pid);

    /// <summary>Its process.</summary>
    internal int Pid { get; }

    /// <summary>Starts it.</summary>
    internal static async Task<StartedAgent> StartAsync(GuestShell shell, string arguments)
    {
        string pid = await shell.DoAsync(
            $"mkdir -p {Folder}; /usr/sbin/guestwire-agent {arguments} --statedir={Folder} --logfile={Folder}/log > /dev/null 2>&1 & echo $!");
        return new StartedAgent(shell, int.Parse(pid, CultureInfo.InvariantCulture));
    }

    /// <summary>What it has logged.</summary>
    internal Task<string> ReadLogAsync() => shell.DoAsync($"cat {Folder}/log");

    /// <summary>Waits until it has closed a port that is gone.</summary>
    internal Task WaitUntilPortIsClosedAsync() => shell.DoAsync(string.Create(
        CultureInfo.InvariantCulture, $"while ls -l /proc/{Pid}/fd | grep -q /dev/vport; do sleep 0.05; done"));

    /// <summary>What its descriptors stand for, by their names.</summary>
    internal Task<string> ListDescriptorsAsync() =>
        shell.DoAsync(string.Create(CultureInfo.InvariantCulture, $"for fd in /proc/{Pid}/fd/*; do readlink $fd | sed 's/[0-9]//g'; done | sort"));

    /// <summary>Processor time that it uses in three seconds, in hundredths of a second.</summary>
    internal async Task<long> MeasureProcessorTimeAsync()
    {
        long before = await shell.ReadProcessorTimeAsync(Pid);
        await shell.DoAsync("sleep 3");
        return await shell.ReadProcessorTimeAsync(Pid) - before;
    }

    /// <summary>Waits until it has ended by itself.</summary>
    internal Task WaitForEndAsync() => shell.DoAsync(string.Create(CultureInfo.InvariantCulture, $"while [ -e /proc/{Pid} ]; do sleep 0.1; done"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await shell.DoAsync(string.Create(
        CultureInfo.InvariantCulture, $"kill {Pid} 2> /dev/null; while [ -e /proc/{Pid} ]; do sleep 0.1; done; rm -r {Folder}"));
}
