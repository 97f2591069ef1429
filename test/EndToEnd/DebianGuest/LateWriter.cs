using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>A process in the guest that writes a file of its own, and is expected to wait for a thaw with it.</summary>
internal sealed class LateWriter
{
    private readonly GuestShell shell;
    private readonly string file;
    private readonly string pid;

    private LateWriter(GuestShell shell, string file, string pid) => (this.shell, this.file, this.pid) = (shell, file, pid);

    /// <summary>Starts one.</summary>
    internal static async Task<LateWriter> StartAsync(GuestShell shell, string directory)
    {
        string file = $"{directory}/late-{Guid.NewGuid():N}";
        string pid = await shell.DoAsync($"(echo late > {file}) > /dev/null 2>&1 & echo $!");
        return new LateWriter(shell, file, pid.Trim());
    }

    /// <summary>Waits until the kernel makes it wait: state D, and nothing of its file to be seen.</summary>
    internal async Task WaitUntilBlockedAsync()
    {
        await shell.DoAsync($"until grep -q '^State:.D' /proc/{pid}/status; do sleep 0.1; done");
        await AssertBlockedAsync();
    }

    /// <summary>It still waits.</summary>
    internal async Task AssertBlockedAsync() =>
        Assert.Matches("^State:\tD[^\n]*\nabsent\n$", await shell.DoAsync($"grep State: /proc/{pid}/status; [ -e {file} ] || echo absent"));

    /// <summary>Waits until it has written, and takes its file away.</summary>
    internal async Task FinishAsync() =>
        Assert.Equal("late\n", await shell.DoAsync($"until [ -s {file} ]; do sleep 0.1; done; cat {file}; rm {file}"));
}
