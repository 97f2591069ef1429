using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.State;

/// <summary>Lets requests on other threads wait until something happens to a program that streams: it has written, read, or ended.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ExecNews
{
    // Guards the rest.
    private readonly Lock _lock = new();
    private readonly List<NativeSemaphore> _waiting = [];
    private long _count;

    /// <summary>Something has happened.</summary>
    internal void Tell()
    {
        lock (_lock)
        {
            _count++;
            foreach (NativeSemaphore waiting in _waiting)
            {
                waiting.Post();
            }
        }
    }

    /// <summary>Waits until something is so. Not for the loop.</summary>
    /// <param name="isSo">Asked at first, and again when something has happened.</param>
    /// <param name="milliseconds">How long to wait at most.</param>
    internal void WaitUntil(Func<bool> isSo, int milliseconds)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // Taken before one looks, so that nothing happens in between unnoticed.
            long count = Count;
            int left = milliseconds - (int)TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
            if (isSo() || left <= 0)
            {
                return;
            }

            WaitForMore(count, left);
        }
    }

    private long Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    private void WaitForMore(long count, int milliseconds)
    {
        using NativeSemaphore told = new();
        lock (_lock)
        {
            if (_count != count)
            {
                return;
            }

            _waiting.Add(told);
        }

        told.Wait(milliseconds);
        lock (_lock)
        {
            _waiting.Remove(told);
        }
    }
}
