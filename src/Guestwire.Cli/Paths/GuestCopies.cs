using Guestwire.Client;

namespace Guestwire.Cli.Paths;

/// <summary>Copies into one guest, or out of one: one after the other, and what came of them.</summary>
/// <param name="guest">What the guest is called.</param>
/// <param name="copies">The copies: each from what to what, as people wrote it, and how it is done.</param>
/// <param name="prepare">What comes before them, if anything does.</param>
internal sealed class GuestCopies(
    string guest, IReadOnlyList<(string Source, string Target, GuestCopies.Copy Run)> copies, Func<CancellationToken, Task>? prepare = null)
{
    private readonly List<(string Source, string Target, GuestCopyResult Result)> _done = [];

    /// <summary>Does one copy.</summary>
    internal delegate Task<GuestCopyResult> Copy(IProgress<GuestCopyProgress>? progress, CancellationToken cancellation);

    /// <summary>What the guest is called.</summary>
    internal string Guest => guest;

    /// <summary>Those that came to an end.</summary>
    internal IReadOnlyList<(string Source, string Target, GuestCopyResult Result)> Done => _done;

    /// <summary>The exit code that they mean; null when they have not ended.</summary>
    internal int? Code { get; private set; }

    /// <summary>Why there was no end of them.</summary>
    internal string? Error { get; private set; }

    /// <summary>Copies.</summary>
    /// <exception cref="UsageException">The paths do not fit what is there.</exception>
    internal async Task RunAsync(CopyBar? bar, CancellationToken cancellation)
    {
        if (prepare is not null)
        {
            await prepare(cancellation).ConfigureAwait(false);
        }

        foreach ((string source, string target, Copy run) in copies)
        {
            bar?.Begin();
            _done.Add((source, target, await run(bar, cancellation).ConfigureAwait(false)));
        }

        Code = _done.All(copy => copy.Result.IsComplete) ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Takes note of what ended them.</summary>
    internal void Fail(int code, string error) => (Code, Error) = (code, error);
}
