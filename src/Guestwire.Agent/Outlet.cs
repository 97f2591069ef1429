using System.Runtime.Versioning;
using Guestwire.Agent.Channels;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent;

/// <summary>
/// The way to one host. The loop sends replies, and so does a worker that has one ready, which then need not wait for the loop to wake up; but
/// nothing of a conversation that was given up goes out, however late its worker comes.
/// </summary>
/// <param name="channel">Where replies go.</param>
[SupportedOSPlatform("linux")]
internal sealed class Outlet(Channel channel)
{
    // Guards _isInsideLine and every conversation's IsAbandoned, and makes of each piece that is sent one whole.
    private readonly Lock _lock = new();
    private bool _isInsideLine;

    /// <summary>Whether the host has the beginning of a line, and not yet its end.</summary>
    internal bool IsInsideLine
    {
        get
        {
            lock (_lock)
            {
                return _isInsideLine;
            }
        }
    }

    /// <summary>Sends what waits in a conversation.</summary>
    internal SendStatus Send(Conversation conversation)
    {
        ByteBuffer output = conversation.Output;
        lock (_lock)
        {
            while (output.Count > 0)
            {
                if (conversation.IsAbandoned)
                {
                    return SendStatus.HostIsGone;
                }

                int count = channel.Write(output.Bytes);
                if (count <= 0)
                {
                    return count == 0 || Errno.Last == Errno.EAGAIN ? SendStatus.HostIsBusy : SendStatus.HostIsGone;
                }

                _isInsideLine = output.Bytes[count - 1] != (byte)'\n';
                output.Consume(count);
            }

            return SendStatus.Sent;
        }
    }

    /// <summary>Waits for the host to take more.</summary>
    /// <param name="timeoutMilliseconds">No longer than that.</param>
    /// <returns>False when it did not, or left.</returns>
    internal bool WaitForHost(int timeoutMilliseconds) => channel.WaitForRoom(timeoutMilliseconds);

    /// <summary>Nothing more of this conversation goes out.</summary>
    /// <returns>Whether half a line of it did.</returns>
    internal bool Abandon(Conversation conversation)
    {
        lock (_lock)
        {
            conversation.IsAbandoned = true;
            return _isInsideLine;
        }
    }

    /// <summary>Another host may be there: what the last one has of a line is none of its business.</summary>
    internal void StartAfresh()
    {
        lock (_lock)
        {
            _isInsideLine = false;
        }
    }
}
