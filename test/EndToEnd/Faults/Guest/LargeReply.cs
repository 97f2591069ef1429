using System.Globalization;
using EndToEnd.Play;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Faults.Guest;

/// <summary>A host that has asked for ten mebibytes of a file, and reads of the reply only as much as it is told to.</summary>
internal sealed class LargeReply : IDisposable
{
    /// <summary>Bytes of the file.</summary>
    internal const int FileBytes = 10 * 1024 * 1024;

    /// <summary>Bytes of the reply: its base64 alone.</summary>
    internal const int ReplyBytes = (FileBytes + 2) / 3 * 4;

    private const string File = "/tmp/large";

    private readonly LineConnection connection;
    private int read;

    private LargeReply(LineConnection connection)
    {
        this.connection = connection;
        Host = new AgentConversation(connection);
    }

    /// <summary>The one who asked.</summary>
    internal AgentConversation Host { get; }

    /// <summary>Connects and asks.</summary>
    internal static async Task<LargeReply> BeginAsync(MovableMachine guest)
    {
        await guest.Shell.DoAsync($"[ -e {File} ] || head -c {FileBytes} /dev/zero > {File}");
        LargeReply reply = new(await guest.ConnectRawAsync("agent.sock"));
        await reply.Host.SyncAsync(4710, BootedMachine.Patience);
        long handle = await reply.Host.OpenAsync(File, "r");
        await reply.Host.SendAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle},\"count\":{FileBytes}}}}}\n"
                + $"{{\"execute\":\"guest-file-close\",\"arguments\":{{\"handle\":{handle}}}}}\n"));
        return reply;
    }

    /// <summary>Reads at least so many bytes of what the agent says, from the reply's beginning.</summary>
    internal async Task ReadAsync(int bytes)
    {
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        while (read < bytes)
        {
            byte[] some = await connection.ReadSomeAsync(deadline.Token);
            Assert.NotEmpty(some);
            read += some.Length;
        }
    }

    /// <summary>Reads what QEMU still has of a guest that stands still: with bytes in its own hands QEMU 7.2 breaks the port when it moves.</summary>
    internal async Task ReadRestAsync()
    {
        try
        {
            while (true)
            {
                using CancellationTokenSource silence = new(TimeSpan.FromSeconds(2));
                read += (await connection.ReadSomeAsync(silence.Token)).Length;
            }
        }
        catch (OperationCanceledException)
        {
            Assert.InRange(read, 1, ReplyBytes - 1);
        }
    }

    /// <summary>Leaves, whatever is unread.</summary>
    public void Dispose() => connection.Dispose();
}
