using System.Diagnostics;
using System.Net.Sockets;

namespace Guestwire.Bench;

/// <summary>An agent of our own on a unix socket in a folder of its own, and one connection to it.</summary>
internal sealed class RunningAgent : IDisposable
{
    private readonly Process process;

    /// <summary>Starts the program and waits for the answer to a ping.</summary>
    internal RunningAgent(string program)
    {
        Folder = Directory.CreateTempSubdirectory("gw-bench-").FullName;
        string path = Path.Combine(Folder, "agent.sock");
        long started = Stopwatch.GetTimestamp();
        process = Process.Start(program, ["-m", "unix-listen", "-p", path, "-t", Folder]);
        Connection = new Connection(Connect(path));
        Connection.Ask("{\"execute\":\"guest-ping\"}"u8);
        StartToAnswer = Stopwatch.GetElapsedTime(started);
    }

    /// <summary>From before the start of the process to after the first reply, so the client's own fork counts for both.</summary>
    internal TimeSpan StartToAnswer { get; }

    /// <summary>The agent's state folder; measurements may leave files there.</summary>
    internal string Folder { get; }

    /// <summary>The one connection.</summary>
    internal Connection Connection { get; }

    /// <summary>A line of the process' smaps_rollup, in KiB: <c>Rss</c>, <c>Private_Dirty</c>.</summary>
    internal long ReadMemory(string name)
    {
        string line = File.ReadLines($"/proc/{process.Id}/smaps_rollup").First(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The most memory that the process ever had, in KiB.</summary>
    internal long ReadPeakMemory()
    {
        string line = File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Connection.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private Socket Connect(string path)
    {
        UnixDomainSocketEndPoint address = new(path);
        while (!process.HasExited)
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(address);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
                Thread.Yield();
            }
        }

        throw new InvalidOperationException($"{process.StartInfo.FileName} ended before it listened");
    }
}
