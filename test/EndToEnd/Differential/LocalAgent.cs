using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using EndToEnd.Play;
using EndToEnd.Sandbox;

namespace EndToEnd.Differential;

/// <summary>An agent that runs on this machine itself, not in a sandbox: only what changes nothing may be asked of it.</summary>
public sealed class LocalAgent : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Process process;
    private readonly LineConnection connection;

    /// <summary>Starts the agent and connects to it.</summary>
    internal LocalAgent(AgentBinary agent)
    {
        IsReference = agent.IsReference;
        string socket = folder.Combine("agent.sock");
        process = Process.Start(agent.Path, ["-m", "unix-listen", "-p", socket, "-t", folder.Path]);
        connection = new LineConnection(Connect(socket));
    }

    /// <summary>True for qemu-ga.</summary>
    internal bool IsReference { get; }

    /// <summary>Sends one request and reads its reply line, in the reference's order of members.</summary>
    internal async Task<string> AskAsync(string request)
    {
        using CancellationTokenSource deadline = new(SandboxedAgent.Patience);
        await connection.SendAsync(Encoding.UTF8.GetBytes(request + "\n"), deadline.Token);
        string line = Encoding.ASCII.GetString(await connection.ReadLinesAsync(1, deadline.Token)).TrimEnd('\n');
        return IsReference ? line : ReferenceForm.TryRewrite(line) ?? $"not written as the protocol has it: {line}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        connection.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        folder.Dispose();
    }

    private Socket Connect(string path)
    {
        UnixDomainSocketEndPoint address = new(path);
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(address);
                return socket;
            }
            catch (SocketException) when (!process.HasExited && waited.Elapsed < SandboxedAgent.Patience)
            {
                socket.Dispose();
                Thread.Yield();
            }
        }
    }
}
