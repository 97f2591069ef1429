using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using EndToEnd.Corpus;
using EndToEnd.Play;

namespace EndToEnd.Sandbox;

/// <summary>
/// An agent that runs in namespaces of its own on a root of tmpfs; enter.sh and init.sh make it so. All that is in the
/// sandbox dies with this object, or with this process.
/// </summary>
internal sealed class SandboxedAgent : IAsyncDisposable
{
    /// <summary><c>${BASE}</c>: the case's own folder, as the sandbox sees it.</summary>
    internal const string BaseFolder = "/case";

    /// <summary><c>${DIR}</c>: the case's files.</summary>
    internal const string FilesFolder = BaseFolder + "/dir";

    /// <summary><c>${STATE}</c>: the agent's state directory.</summary>
    internal const string StateFolder = BaseFolder + "/state";

    /// <summary><c>${HOSTNAME}</c>; enter.sh sets it.</summary>
    internal const string HostName = "guestwire-sandbox";

    /// <summary>Where a wire case's agent listens.</summary>
    internal const string SocketPath = BaseFolder + "/agent.sock";

    /// <summary>How long anything may take that takes milliseconds on an idle machine.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);

    private readonly TemporaryFolder folder;
    private readonly Process process;
    private readonly Task<string> complaints;
    private string outside = "";

    private SandboxedAgent(TemporaryFolder folder, Process process)
    {
        this.folder = folder;
        this.process = process;
        complaints = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Makes a sandbox, prepares the case in it and starts the agent.</summary>
    /// <param name="image">What the sandbox is a copy of.</param>
    /// <param name="transcript">Whose files, setup and environment it gets.</param>
    /// <param name="arguments">The agent's arguments.</param>
    /// <param name="variables">For the case's texts.</param>
    internal static async Task<SandboxedAgent> StartAsync(
        SandboxImage image, TranscriptCase transcript, IEnumerable<string> arguments, TextVariables variables)
    {
        TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Combine("root"));
        string caseFolder = folder.Combine("case");
        WriteFiles(Path.Combine(caseFolder, "dir"), transcript.Files, variables);
        WriteFiles(Path.Combine(caseFolder, "state"), transcript.StateFiles, variables);
        File.Copy(Checkout.BesideTests("Sandbox", "init.sh"), Path.Combine(caseFolder, "init.sh"));
        File.WriteAllText(Path.Combine(caseFolder, "setup.sh"), variables.Replace(transcript.Setup) + "\n");

        StringBuilder start = new("exec env");
        foreach ((string name, string value) in transcript.Environment)
        {
            start.Append(' ').Append(Quote($"{name}={variables.Replace(value)}"));
        }

        start.Append(' ').Append(image.Program);
        foreach (string argument in arguments)
        {
            start.Append(' ').Append(Quote(variables.Replace(argument)));
        }

        File.WriteAllText(Path.Combine(caseFolder, "agent.sh"), start.Append('\n').ToString());

        // Namespaces do not cover the clock, kexec, reboot(2) on the way or kernel modules: those powers are taken away.
        ProcessStartInfo info = new("setpriv",
        [
            "--bounding-set=-sys_time,-sys_boot,-sys_module",
            "unshare", "--mount", "--pid", "--uts", "--ipc", "--net", "--propagation=private", "--fork", "--kill-child",
            "sh", Checkout.BesideTests("Sandbox", "enter.sh"), image.Path, caseFolder, folder.Combine("root"),
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SandboxedAgent agent = new(folder, Process.Start(info)!);
        try
        {
            using CancellationTokenSource deadline = new(Patience);
            agent.outside = await agent.process.StandardOutput.ReadLineAsync(deadline.Token)
                ?? throw new InvalidOperationException($"the sandbox did not come up: {await agent.complaints}");
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>The path by which a file in the sandbox is reached from outside.</summary>
    internal string Outside(string path) => $"/proc/{outside}/root{path}";

    /// <summary>Connects to the agent's socket once it listens.</summary>
    internal async Task<Socket> ConnectAsync()
    {
        UnixDomainSocketEndPoint address = new(Outside(SocketPath));
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(address);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
                if (TryReadStatus() is { } status)
                {
                    throw new InvalidOperationException($"the agent ended with status {status} before it listened");
                }

                if (waited.Elapsed > Patience)
                {
                    throw new TimeoutException("nobody listens on the agent's socket");
                }

                await Task.Delay(PollInterval);
            }
        }
    }

    /// <summary>Waits until the agent serves, complains or has ended: then signals have their meaning.</summary>
    internal async Task WaitUntilUpAsync()
    {
        string errors = Outside(BaseFolder + "/stderr");
        await WaitForAsync(
            () => File.Exists(Outside(BaseFolder + "/s")) || TryReadStatus() is not null
                || (File.Exists(errors) && new FileInfo(errors).Length > 0),
            "the agent to come up");
    }

    /// <summary>Sends the agent a signal.</summary>
    internal async Task SignalAsync(int signal)
    {
        await WaitForAsync(() => File.Exists(Outside(BaseFolder + "/pid")), "the agent's number");
        await process.StandardInput.WriteLineAsync($"signal {signal}");
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the agent's end.</summary>
    /// <returns>Its status, 128 + n for signal n.</returns>
    internal async Task<int> WaitForExitAsync()
    {
        await WaitForAsync(() => TryReadStatus() is not null, "the agent to end");
        return TryReadStatus()!.Value;
    }

    /// <summary>What the setup and the agent wrote, for a message about a failure.</summary>
    internal string Describe()
    {
        StringBuilder text = new();
        foreach (string name in (string[])["setup.log", "stdout", "stderr", "status"])
        {
            string path = Outside($"{BaseFolder}/{name}");
            if (File.Exists(path) && File.ReadAllText(path) is { Length: > 0 } content)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{name}: {content.TrimEnd()}");
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The end of its input ends the sandbox; what it mounted goes with its namespaces.
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended by itself, with a wish unread.
        }

        using CancellationTokenSource deadline = new(Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
        folder.Dispose();
    }

    private int? TryReadStatus()
    {
        try
        {
            return int.Parse(File.ReadAllText(Outside(BaseFolder + "/status")), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task WaitForAsync(Func<bool> condition, string what)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (waited.Elapsed > Patience)
            {
                throw new TimeoutException($"waited in vain for {what}");
            }

            await Task.Delay(PollInterval);
        }
    }

    private static void WriteFiles(string folder, IReadOnlyDictionary<string, FileContent> files, TextVariables variables)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, FileContent content) in files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content.Bytes ?? Encoding.UTF8.GetBytes(variables.Replace(content.Text!)));
        }
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
