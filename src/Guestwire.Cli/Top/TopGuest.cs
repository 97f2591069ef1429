using Guestwire.Cli.Output;
using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Top;

/// <summary>One of the guests that top watches. It may go away and come back.</summary>
internal sealed class TopGuest(Target target, GuestClientOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly GuestClient _guest = new(target.Transport, options);
    private GuestSample? _last;

    /// <summary>What it is called.</summary>
    internal string Name => target.Name;

    /// <summary>What happened between the last two samples; null when there are no two.</summary>
    internal Rates? Rates { get; private set; }

    /// <summary>Why the last sample could not be taken; null when it was.</summary>
    internal string? Error { get; private set; }

    /// <summary>The exit code that the last sample means.</summary>
    internal int Code { get; private set; }

    /// <summary>Takes a sample.</summary>
    internal async ValueTask SampleAsync(CancellationToken cancellation)
    {
        try
        {
            GuestSample sample = await GuestSample.TakeAsync(_guest, time, cancellation).ConfigureAwait(false);
            Rates = _last is null ? null : new Rates(_last, sample, time);
            _last = sample;
            Error = null;
            Code = ExitCode.Done;
        }
        catch (Exception exception) when (Failures.CodeOf(exception, cancellation) is int code && code != ExitCode.Interrupted)
        {
            Rates = null;
            _last = null;
            Error = exception.Message;
            Code = code;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _guest.DisposeAsync();
}
