using System.Net.Sockets;
using System.Text;

namespace Guestwire.Agent.Tests;

/// <summary>A host's end of a connection; never waits. Bytes are Latin-1 here, so that 0xFF is one character.</summary>
internal sealed class Host : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    internal Host(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _socket.Blocking = false;
    }

    /// <summary>The request of a guest-sync.</summary>
    internal static string Sync(int id) => $"{{\"execute\": \"guest-sync\", \"arguments\": {{\"id\": {id}}}}}\n";

    /// <summary>Its reply.</summary>
    internal static string Answer(int id) => $"{{\"return\": {id}}}\n";

    /// <summary>Sends all of a text.</summary>
    internal void Send(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        Assert.Equal(bytes.Length, _socket.Send(bytes));
    }

    /// <summary>Sends a command without arguments.</summary>
    internal void Ask(string command) => Send($"{{\"execute\": \"{command}\"}}\n");

    /// <summary>Sends what fits now.</summary>
    /// <returns>False when nothing does.</returns>
    internal bool TrySend(string text)
    {
        _socket.Send(Encoding.Latin1.GetBytes(text), SocketFlags.None, out SocketError error);
        return error == SocketError.Success;
    }

    /// <summary>Takes what is there.</summary>
    internal string Read()
    {
        StringBuilder text = new();
        byte[] buffer = new byte[64 * 1024];
        int count;
        while ((count = _socket.Receive(buffer, SocketFlags.None, out _)) > 0)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    /// <summary>Whether the agent has closed its end, all it wrote being read.</summary>
    internal bool IsClosed =>
        _socket.Receive(new byte[1], SocketFlags.Peek, out SocketError error) == 0 && error == SocketError.Success;

    /// <summary>Says that no more will be sent.</summary>
    internal void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
