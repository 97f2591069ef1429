using System.Globalization;
using System.Text;
using EndToEnd.Play;

namespace EndToEnd.VirtualMachine;

/// <summary>A root shell on the guest's second serial line: looks at the guest without the agent's help.</summary>
internal sealed class GuestShell(LineConnection connection) : IDisposable
{
    private const string Mark = "end-of-command ";

    private int commands;

    /// <summary>Runs one command of less than 4000 bytes. Each begins in the root directory, wherever the one before it went.</summary>
    /// <returns>Its output and status.</returns>
    internal async Task<(string Output, int Status)> RunAsync(string command, TimeSpan? patience = null)
    {
        using CancellationTokenSource deadline = new(patience ?? BootedMachine.Patience);

        // The mark is put together by printf, so that an echo of the command would not be taken for it. It is numbered: a
        // command that nobody waited for any longer may still end, before this one begins.
        string ownMark = string.Create(CultureInfo.InvariantCulture, $"{Mark}{++commands} ");
        await connection.SendAsync(
            Encoding.UTF8.GetBytes($"cd /; {{ {command}; }} </dev/null; printf '%s-of-command {commands} %s\\n' end $?\n"), deadline.Token);
        StringBuilder output = new();
        while (true)
        {
            output.Append(Encoding.UTF8.GetString(await connection.ReadLinesAsync(1, deadline.Token)));
            string text = output.ToString();
            int mark = text.LastIndexOf(ownMark, StringComparison.Ordinal);
            if (mark >= 0 && text.EndsWith('\n'))
            {
                int earlier = text.LastIndexOf(Mark, mark, StringComparison.Ordinal);
                int begin = earlier < 0 ? 0 : text.IndexOf('\n', earlier) + 1;
                return (text[begin..mark], int.Parse(text[(mark + ownMark.Length)..], CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Runs one command that must succeed.</summary>
    /// <returns>Its output.</returns>
    internal async Task<string> DoAsync(string command, TimeSpan? patience = null)
    {
        (string output, int status) = await RunAsync(command, patience);
        Assert.True(status == 0, $"{command} ended with status {status}: {output}");
        return output;
    }

    /// <summary>Processor time that a process has used, in hundredths of a second.</summary>
    internal async Task<long> ReadProcessorTimeAsync(int pid)
    {
        (string stat, _) = await RunAsync(string.Create(CultureInfo.InvariantCulture, $"cat /proc/{pid}/stat"));
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    /// <summary>Memory of a process that is in RAM, in KiB: VmRSS of proc(5).</summary>
    internal async Task<long> ReadResidentMemoryAsync(int pid) => long.Parse(
        await DoAsync(string.Create(CultureInfo.InvariantCulture, $"awk '/^VmRSS/ {{ print $2 }}' /proc/{pid}/status")),
        CultureInfo.InvariantCulture);

    /// <summary>Waits until a process rests: its processor time stands still for a second.</summary>
    internal Task WaitUntilRestsAsync(int pid) => DoAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"last=; still=0; while [ $still -lt 10 ]; do now=$(cut -d ' ' -f 14,15 /proc/{pid}/stat); [ \"$now\" = \"$last\" ] && still=$((still + 1)) || still=0; last=$now; sleep 0.1; done"));

    /// <summary>The number of the agent that serves the virtio-serial port.</summary>
    internal async Task<int> ReadAgentPidAsync()
    {
        // A process that ends meanwhile is none to complain of.
        (string pid, _) = await RunAsync(
            "for p in /proc/[0-9]*; do { tr '\\0' ' ' < $p/cmdline; } 2> /dev/null | grep -q '^[^ ]* -m virtio-serial' && echo ${p#/proc/}; done; true");
        return int.Parse(pid, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();
}
