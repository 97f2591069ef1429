using System.Collections.Concurrent;
using System.Text;
using Guestwire.Client.Interop;
using Guestwire.Client.Links;
using Guestwire.Protocol.Framing;

namespace Guestwire.Client.Tests.Links;

/// <summary>libvirt in the hands of a test: each request waits until the test has answered it.</summary>
internal sealed class PlayedDomain : ILibvirtDomain
{
    private readonly BlockingCollection<object> _answers = [];
    private readonly SemaphoreSlim _asked = new(0);

    /// <summary>What was asked, in its order, and how many seconds were given.</summary>
    internal ConcurrentQueue<(string Request, int Seconds)> Asked { get; } = new();

    /// <summary>Whether it was let go.</summary>
    internal TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the link said that the connection hangs.</summary>
    internal bool IsAbandoned { get; private set; }

    public bool IsConnected { get; set; } = true;

    /// <summary>Answers the next request, or the one that waits.</summary>
    internal void Reply(string reply) => _answers.Add(reply);

    /// <summary>Fails the next request, or the one that waits.</summary>
    internal void Fail(int code, int domain, string message) => _answers.Add(new LibvirtError(code, domain, message));

    /// <summary>Waits for one request more.</summary>
    internal async Task WaitUntilAskedAsync() => Assert.True(await _asked.WaitAsync(PlayedAgent.Patience));

    public bool Ask(ReadOnlySpan<byte> request, int seconds, FrameReader reply, out LibvirtError error)
    {
        Asked.Enqueue((Encoding.UTF8.GetString(request).TrimEnd('\n', '\0'), seconds));
        _asked.Release();
        Assert.True(_answers.TryTake(out object? answer, PlayedAgent.Patience));
        error = answer is LibvirtError failure ? failure : default;
        if (answer is not string text)
        {
            return false;
        }

        int count = Encoding.UTF8.GetBytes(text, reply.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
        reply.Advance(count);
        return true;
    }

    public void Abandon() => IsAbandoned = true;

    public void Dispose() => Disposed.TrySetResult();
}
