using System.Diagnostics;
using System.Net.Sockets;
using EndToEnd.ProcessSuite;

namespace EndToEnd.Faults;

/// <summary>
/// Pings an agent without pause while something happens to it, and in the same moments one that has nothing to do. A ping is late when it
/// took longer than the bound though the idle agent answered in time, not counting the time for which the agent or we wanted a processor
/// and had none: what remains is the agent's own doing, however loaded the machine is.
/// </summary>
internal sealed class PingWatch : IDisposable
{
    /// <summary>Within this a ping is answered, whatever else the agent does.</summary>
    internal static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(50);

    // SOL_SOCKET, SO_PEERCRED. Source: asm-generic/socket.h.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    private static readonly byte[] Ping = "{\"execute\":\"guest-ping\"}\n"u8.ToArray();

    private readonly RunningAgent _control = RunningAgent.OnSocket();
    private readonly Socket _subject;
    private readonly int _processId;
    private readonly Thread _thread;
    private volatile bool _isOver;
    private volatile Exception? _failure;

    /// <summary>Begins to ping.</summary>
    /// <param name="subject">A connection to the agent, which this object then owns.</param>
    internal PingWatch(Socket subject)
    {
        _subject = subject;
        _processId = ProcessBehind(subject);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Watches an agent on a socket.</summary>
    internal static PingWatch Of(RunningAgent agent) => new(HostLink.SocketAt(agent["socket"]));

    /// <summary>Pings that were answered so far.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether it came to an end by itself.</summary>
    internal bool HasFailed => _failure is not null;

    /// <summary>What the late ones took, beyond processor time.</summary>
    internal List<TimeSpan> Late { get; } = [];

    /// <summary>What the slowest took, all in all.</summary>
    internal TimeSpan Slowest { get; private set; }

    /// <summary>Ends the watch and asserts that it saw enough, and nothing late.</summary>
    /// <param name="during">What happened meanwhile, for the message.</param>
    internal void AssertInTime(string during)
    {
        Stop();
        Assert.True(_failure is null, $"while {during}: {_failure}");
        Assert.InRange(Count, 20, int.MaxValue);
        Assert.True(
            Late.Count == 0,
            $"while {during}: {Late.Count} of {Count} pings took longer than {Bound.TotalMilliseconds} ms, up to {(Late.Count == 0 ? 0 : Late.Max().TotalMilliseconds)} ms");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _subject.Dispose();
        _control.Dispose();
    }

    private void Stop()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Run()
    {
        try
        {
            using Socket control = HostLink.SocketAt(_control["socket"]);
            while (!_isOver)
            {
                Measure(control);
            }
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
    }

    private void Measure(Socket control)
    {
        TimeSpan waited = WaitedForProcessors();
        long began = Stopwatch.GetTimestamp();
        control.Send(Ping);
        _subject.Send(Ping);
        TimeSpan? ofControl = null;
        TimeSpan? ofSubject = null;
        while (ofControl is null || ofSubject is null)
        {
            List<Socket> answers = [.. ofControl is null ? (Socket[])[control] : [], .. ofSubject is null ? (Socket[])[_subject] : []];
            Socket.Select(answers, null, null, RunningAgent.Patience);
            Assert.True(answers.Count > 0, "a ping is not answered at all");
            ofControl ??= answers.Contains(control) ? Take(control, began) : null;
            ofSubject ??= answers.Contains(_subject) ? Take(_subject, began) : null;
        }

        TimeSpan own = ofSubject.Value - (WaitedForProcessors() - waited);
        if (own > Bound && ofControl <= Bound)
        {
            Late.Add(own);
        }

        Count++;
        Slowest = ofSubject > Slowest ? ofSubject.Value : Slowest;
        Thread.Yield();
    }

    private TimeSpan WaitedForProcessors() => ProcessorWait.OfThisThread() + ProcessorWait.Of(_processId);

    /// <summary>The process that listens where a socket is connected, by the number that it has here: it may be in a namespace of its own.</summary>
    private static int ProcessBehind(Socket socket)
    {
        // struct ucred: process, user, group. Source: unix(7).
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BitConverter.ToInt32(credentials);
    }

    private static TimeSpan Take(Socket socket, long began)
    {
        Span<byte> reply = stackalloc byte[64];
        int count = socket.Receive(reply);
        Assert.Equal("{\"return\": {}}\n"u8, reply[..count]);
        return Stopwatch.GetElapsedTime(began);
    }
}
