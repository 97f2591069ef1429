using System.Diagnostics;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Libvirt;

/// <summary>libvirt's command line, about the one domain that eng/libvirt-run has started.</summary>
/// <param name="socket">Where that libvirtd listens.</param>
internal sealed class Virsh(string socket)
{
    private const string Domain = "guestwire";

    // libvirt itself gives up on an agent that says nothing; a guest that shuts down on a busy machine takes its time.
    private static readonly TimeSpan s_patience = BootedMachine.Patience * 4;

    /// <summary>Runs one command about the domain to its end.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    internal async Task<VirshAnswer> AskAsync(string command, params string[] arguments)
    {
        using Process process = Start(command, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource deadline = new(s_patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"virsh {command} {string.Join(' ', arguments)} did not end: {await output}{await errors}");
        }

        return new VirshAnswer((await output).TrimEnd(), (await errors).TrimEnd(), process.ExitCode);
    }

    /// <summary>Runs one command that must succeed.</summary>
    /// <returns>Its output.</returns>
    internal async Task<string> DoAsync(string command, params string[] arguments)
    {
        VirshAnswer answer = await AskAsync(command, arguments);
        Assert.True(answer.Status == 0, $"virsh {command} {string.Join(' ', arguments)}: {answer.Errors}");
        return answer.Output;
    }

    /// <summary>Runs one command until its output is what is waited for.</summary>
    /// <exception cref="TimeoutException">It was not within the time that anything may take.</exception>
    internal async Task WaitForAsync(string wanted, string command, params string[] arguments)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            VirshAnswer answer = await AskAsync(command, arguments);
            if (answer.Output == wanted)
            {
                return;
            }

            if (waited.Elapsed > s_patience)
            {
                throw new TimeoutException($"virsh {command} says {answer.Output}{answer.Errors}, not {wanted}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>Starts a command that goes on; whoever starts it ends it.</summary>
    internal Process Start(string command, params string[] arguments) => Process.Start(
        new ProcessStartInfo("virsh", ["-c", $"qemu:///system?socket={socket}", command, Domain, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C", ["TZ"] = "UTC" },
        })!;
}
