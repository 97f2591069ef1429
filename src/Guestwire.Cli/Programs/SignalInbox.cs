using System.Threading.Channels;

namespace Guestwire.Cli.Programs;

/// <summary>The signals that ask us to end, kept until somebody deals with them.</summary>
internal sealed class SignalInbox : IDisposable
{
    private readonly Channel<int> _signals = Channel.CreateUnbounded<int>();
    private readonly CancellationTokenSource _first = new();
    private readonly SignalCatch _caught;
    private Task<int>? _next;

    /// <summary>Takes the signals.</summary>
    internal SignalInbox() => _caught = new SignalCatch(OnSignal);

    /// <summary>Ends with the first signal.</summary>
    internal CancellationToken First => _first.Token;

    /// <summary>The first one; 0 before it came.</summary>
    internal int FirstNumber { get; private set; }

    /// <summary>The next one that nobody has taken yet.</summary>
    internal Task<int> NextAsync() => _next is { IsCompleted: false } ? _next : _next = _signals.Reader.ReadAsync().AsTask();

    /// <inheritdoc/>
    public void Dispose()
    {
        _caught.Dispose();
        _first.Dispose();
    }

    private void OnSignal(int number)
    {
        if (FirstNumber == 0)
        {
            FirstNumber = number;
        }

        _signals.Writer.TryWrite(number);
        _first.Cancel();
    }
}
