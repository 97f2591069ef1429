using System.IO.Pipes;
using Guestwire.Agent.Channels;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Tests;

/// <summary>A session on a port that outlives its hosts, and whose kernel says late that one came or left.</summary>
public sealed class PortSessionTests : IDisposable
{
    private readonly SessionBench _bench = new();
    private readonly AnonymousPipeServerStream _host = new(PipeDirection.Out);
    private readonly AnonymousPipeServerStream _changes = new(PipeDirection.Out);
    private readonly Port _port;

    public PortSessionTests()
    {
        _port = new Port(Duplicate(_host), Duplicate(_changes));
        _bench.Serve(_port);
    }

    public void Dispose()
    {
        _bench.Dispose();
        _host.Dispose();
        _changes.Dispose();
    }

    [Fact]
    public void What_lies_there_without_a_host_is_dropped_when_no_host_has_come_for_a_while()
    {
        Leave();

        // It may be the next host's, of whom the kernel will tell.
        Pass(TimeSpan.FromSeconds(0.3));
        Assert.Equal(0, _port.Drops);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _port.Drops);
    }

    [Fact]
    public void The_time_runs_from_the_last_departure()
    {
        Leave();
        Pass(TimeSpan.FromSeconds(0.3));

        // Somebody came, spoke and left.
        _changes.WriteByte(1);
        _bench.Parts.TurnUntil(() => _port.Looks > 0);
        Pass(TimeSpan.FromSeconds(0.1));
        Pass(TimeSpan.FromSeconds(0.3));
        Assert.Equal(0, _port.Drops);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _port.Drops);
    }

    private void Pass(TimeSpan time)
    {
        _bench.Parts.Time.Advance(time);
        _bench.Parts.Turn();
    }

    private void Leave()
    {
        _host.Dispose();
        _bench.Parts.TurnUntil(() =>
        {
            if (!_port.IsHostAway)
            {
                _bench.Parts.Time.Advance(TimeSpan.FromSeconds(0.1));
            }

            return _port.IsHostAway;
        });
    }

    /// <summary>The end to read from, the test's own.</summary>
    private static SafeFileHandle Duplicate(AnonymousPipeServerStream pipe)
    {
        SafePipeHandle end = pipe.ClientSafePipeHandle;
        SafeFileHandle file = File.OpenHandle($"/proc/self/fd/{end.DangerousGetHandle()}");
        pipe.DisposeLocalCopyOfClientHandle();
        return file;
    }

    /// <summary>What a port is to a session; it has no host any more as soon as one has left.</summary>
    private sealed class Port(SafeFileHandle line, SafeFileHandle changes) : Channel(line)
    {
        private readonly byte[] _change = new byte[1];
        private bool _isHostAway;

        /// <summary>How often it was to drop what lies there.</summary>
        internal int Drops { get; private set; }

        /// <summary>How often it was asked for a host.</summary>
        internal int Looks { get; private set; }

        internal override HostLeft WhenHostLeaves => HostLeft.LeavesPortOpen;

        internal override int Descriptor => _isHostAway ? (int)changes.DangerousGetHandle() : base.Descriptor;

        internal override bool IsHostAway => _isHostAway;

        internal override void HostWentAway() => _isHostAway = true;

        internal override bool HostIsBack()
        {
            // Something came, and still there is no host.
            Looks++;
            Libc.Read(changes, _change);
            return false;
        }

        internal override void DropUnread() => Drops++;

        public override void Dispose()
        {
            changes.Dispose();
            base.Dispose();
        }
    }
}
