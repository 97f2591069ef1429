using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace EndToEnd.ProcessSuite;

/// <summary>A host's end of a conversation. Bytes are Latin-1 here, so that 0xFF is one character.</summary>
internal sealed class HostLink(Stream stream, Socket? socket = null) : IDisposable
{
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly StringBuilder _line = new();
    private int _start;
    private int _end;

    internal static HostLink ToSocket(string path) => Over(SocketAt(path));

    /// <summary>Takes over a connection.</summary>
    internal static HostLink Over(Socket socket) => new(new NetworkStream(socket, ownsSocket: true), socket);

    /// <summary>A socket connected to the agent that listens there.</summary>
    internal static Socket SocketAt(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    /// <summary>Sends all of a text.</summary>
    internal void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends all of these bytes.</summary>
    internal void Send(byte[] bytes) => stream.Write(bytes);

    /// <summary>Says that nothing more will come, and goes on listening.</summary>
    internal void EndSending() => socket!.Shutdown(SocketShutdown.Send);

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
    internal bool HearsSomething(TimeSpan within) => socket?.Poll(within, SelectMode.SelectRead) ?? HasInput(((FileStream)stream).SafeFileHandle, within);

    /// <summary>
    /// Makes contact over a serial line. What the line received before the agent made it transparent is dropped, and comes back as on a terminal; so this
    /// one says something until it is answered.
    /// </summary>
    /// <returns>What the agent said first.</returns>
    internal string Greet()
    {
        string first = "";
        RunningAgent.WaitUntil(
            () =>
            {
                Send("\u00FF");
                return TryReadLine(TimeSpan.FromMilliseconds(200), out first);
            },
            "the agent to have the line");

        // To what was said more than once there are more answers.
        Send(Request("guest-sync-delimited", new { id = 4710 }) + "\n");
        while (ReadLine() != "\u00FF{\"return\": 4710}")
        {
        }

        return first.TrimStart('\u00FF');
    }

    /// <summary>Whether the agent closed the connection, and had nothing more to say.</summary>
    internal bool HasEnded()
    {
        try
        {
            return _start == _end && HearsSomething(RunningAgent.Patience) && stream.Read(_buffer) == 0;
        }
        catch (IOException)
        {
            // Something that we had sent was never read.
            return true;
        }
    }

    /// <summary>The next line, without its end.</summary>
    internal string ReadLine()
    {
        Assert.True(TryReadLine(RunningAgent.Patience, out string line), $"the agent says no more than '{_line}'");
        return line;
    }

    /// <summary>Reads what there is, up to a buffer of it, and drops it.</summary>
    internal void ReadSome()
    {
        Assert.True(stream.Read(_buffer) > 0, "the agent closed the connection");
        _start = 0;
        _end = 0;
    }

    /// <summary>Reads to the end of a line without keeping it.</summary>
    /// <returns>Its length in bytes.</returns>
    internal long SkipLine()
    {
        for (long length = 0; ;)
        {
            int found = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            length += (found >= 0 ? found : _end) - _start;
            _start = found >= 0 ? found + 1 : 0;
            if (found >= 0)
            {
                return length;
            }

            _end = stream.Read(_buffer);
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

    /// <summary>The next line, if all of it comes without a longer pause; what has come of it is kept.</summary>
    private bool TryReadLine(TimeSpan pause, out string line)
    {
        while (true)
        {
            int found = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            int stop = found >= 0 ? found : _end;
            _line.Append(Encoding.Latin1.GetString(_buffer, _start, stop - _start));
            _start = stop;
            if (found >= 0)
            {
                _start++;
                line = _line.ToString();
                _line.Clear();
                return true;
            }

            _start = 0;
            _end = 0;
            if (!HearsSomething(pause))
            {
                line = "";
                return false;
            }

            _end = stream.Read(_buffer);
            Assert.True(_end > 0, "the agent closed the connection");
        }
    }

    private static bool HasInput(SafeHandle file, TimeSpan within)
    {
        NativeCalls.PollEntry input = new() { Descriptor = (int)file.DangerousGetHandle(), Events = NativeCalls.POLLIN };
        return NativeCalls.Poll(ref input, 1, (int)within.TotalMilliseconds) > 0;
    }
}
