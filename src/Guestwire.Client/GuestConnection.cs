using Guestwire.Client.Links;

namespace Guestwire.Client;

/// <summary>The way to one agent over time: a link that is opened when it is needed, and again after it broke. What was on its way then is lost, not repeated: it may have had its effect.</summary>
internal sealed class GuestConnection(GuestTransport transport, GuestClientOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private GuestLink? _link;
    private bool _isDisposed;

    /// <summary>How the agent is reached.</summary>
    internal GuestTransport Transport => transport;

    /// <summary>How many calls may usefully be on their way at once.</summary>
    internal int MaxPipelined => _link?.MaxPipelined ?? 1;

    /// <summary>Bytes that a request may have. Known when the connection is open.</summary>
    internal int MaxRequestBytes => _link?.MaxRequestBytes ?? int.MaxValue;

    /// <summary>What the agent can do; asked once.</summary>
    internal GuestFeatures? Features { get; set; }

    /// <summary>Sends a request; it is on its way, in its order, when this returns.</summary>
    /// <exception cref="IOException">The agent cannot be reached.</exception>
    /// <exception cref="TimeoutException">The agent does not answer.</exception>
    internal async ValueTask<GuestLink> SendAsync(PendingCall call, TimeSpan timeout, CancellationToken cancellation)
    {
        GuestLink link = _link is { IsBroken: false } open ? open : await OpenAsync(cancellation).ConfigureAwait(false);
        await link.SendAsync(call, timeout, cancellation).ConfigureAwait(false);
        return link;
    }

    /// <summary>Sends a request and waits for its result.</summary>
    /// <param name="result">The task that the call ends.</param>
    internal async Task CallAsync(PendingCall call, Task result, TimeSpan timeout, CancellationToken cancellation)
    {
        GuestLink link = await SendAsync(call, timeout, cancellation).ConfigureAwait(false);
        await WaitAsync(link, call, result, timeout, cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits for the result of a call that was sent.</summary>
    internal static async Task WaitAsync(GuestLink link, PendingCall call, Task result, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            await result.WaitAsync(timeout, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!result.IsCompleted)
        {
            link.GiveUp(call);
            throw new TimeoutException($"{call.Command} was not answered within {timeout.TotalSeconds:0.###} seconds");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        _isDisposed = true;
        if (_link is not null)
        {
            await _link.DisposeAsync().ConfigureAwait(false);
        }

        _opening.Release();
    }

    private async ValueTask<GuestLink> OpenAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_link is { IsBroken: true })
            {
                await _link.DisposeAsync().ConfigureAwait(false);
                _link = null;

                // Another agent may be there now, after an update or another boot.
                Features = null;
            }

            return _link ??= await transport.OpenAsync(options, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }
}
