using System.Net.Sockets;
using System.Text;
using EndToEnd.Play;
using EndToEnd.Sandbox;

namespace EndToEnd.Differential;

/// <summary>An agent that runs on this machine itself, not in a sandbox: only what changes nothing may be asked of it.</summary>
public sealed class LocalAgent : IDisposable
{
    private readonly SocketAgent process;
    private readonly LineConnection connection;

    /// <summary>Starts the agent and connects to it.</summary>
    internal LocalAgent(AgentBinary agent)
    {
        IsReference = agent.IsReference;
        process = new SocketAgent(agent);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(process.Socket));
        connection = new LineConnection(socket);
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
        process.Dispose();
    }
}
