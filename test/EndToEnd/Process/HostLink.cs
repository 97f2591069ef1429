using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace EndToEnd.ProcessSuite;

/// <summary>A host's end of a conversation. Bytes are Latin-1 here, so that 0xFF is one character.</summary>
internal sealed class HostLink(Stream stream, Socket? socket = null) : IDisposable
{
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    internal static HostLink ToSocket(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return new HostLink(new NetworkStream(socket, ownsSocket: true), socket);
    }

    /// <summary>Sends all of a text.</summary>
    internal void Send(string text) => stream.Write(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends requests until the agent takes no more.</summary>
    internal void Fill(string request)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(request);
        socket!.Blocking = false;

        // The agent may have to catch up first: it is full when nothing goes for as long as it could take.
        while (socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite))
        {
            socket.Send(bytes, SocketFlags.None, out _);
        }

        socket.Blocking = true;
    }

    /// <summary>Whether the agent says something within a while.</summary>
    internal bool HearsSomething(TimeSpan within) => socket!.Poll(within, SelectMode.SelectRead);

    /// <summary>The next line, without its end.</summary>
    internal string ReadLine()
    {
        StringBuilder line = new();
        using CancellationTokenSource deadline = new(RunningAgent.Patience);
        while (true)
        {
            int found = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            int stop = found >= 0 ? found : _end;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, stop - _start));
            _start = stop;
            if (found >= 0)
            {
                _start++;
                return line.ToString();
            }

            _start = 0;
            _end = stream.ReadAsync(_buffer, deadline.Token).AsTask().GetAwaiter().GetResult();
            Assert.True(_end > 0, "the agent closed the connection");
        }
    }

    /// <summary>Sends a request and reads its reply.</summary>
    internal JsonNode Ask(string request)
    {
        Send(request + "\n");
        return JsonNode.Parse(ReadLine())!;
    }

    /// <summary>Sends a command that must succeed.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="arguments">Its arguments; without quotation marks around names' values they are numbers.</param>
    /// <returns>What it returned.</returns>
    internal JsonNode Call(string command, object? arguments = null)
    {
        JsonNode reply = Ask(Request(command, arguments));
        return reply["return"] ?? throw new InvalidOperationException($"{command}: {reply.ToJsonString()}");
    }

    /// <summary>Sends a command that must fail.</summary>
    /// <returns>The description of the error.</returns>
    internal string Refused(string command, object? arguments = null) =>
        Ask(Request(command, arguments))["error"]!["desc"]!.GetValue<string>();

    /// <summary>Starts a program and waits for its end.</summary>
    /// <returns>What guest-exec-status says of it then.</returns>
    internal JsonNode Execute(object arguments)
    {
        long processId = Call("guest-exec", arguments)["pid"]!.GetValue<long>();
        JsonNode? status = null;
        RunningAgent.WaitUntil(
            () => (status = Call("guest-exec-status", new { pid = processId }))["exited"]!.GetValue<bool>(), "the program to end");
        return status!;
    }

    /// <summary>A request's text.</summary>
    internal static string Request(string command, object? arguments = null)
    {
        JsonObject request = new() { ["execute"] = command };
        if (arguments is not null)
        {
            request["arguments"] = System.Text.Json.JsonSerializer.SerializeToNode(arguments);
        }

        return request.ToJsonString();
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
