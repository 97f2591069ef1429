namespace Guestwire.Fuzz.Search;

/// <summary>Ends the process when one input takes for ever: nobody can stop the thread that runs it.</summary>
internal sealed class HangWatch : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private readonly Timer _timer;
    private long _inputs;
    private long _inputsBefore = -1;

    /// <summary>Begins to watch.</summary>
    /// <param name="onHang">Writes the finding, on another thread, before the process ends.</param>
    internal HangWatch(Action onHang) => _timer = new Timer(
        _ =>
        {
            long inputs = Volatile.Read(ref _inputs);
            if (inputs == _inputsBefore)
            {
                onHang();
                Environment.Exit(1);
            }

            _inputsBefore = inputs;
        },
        null,
        s_longest,
        s_longest);

    /// <summary>Told before each input.</summary>
    internal void Next() => Volatile.Write(ref _inputs, _inputs + 1);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
