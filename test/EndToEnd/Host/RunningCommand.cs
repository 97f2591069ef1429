using System.Diagnostics;

namespace EndToEnd.Host;

/// <summary>The command while it runs. A test that fails leaves none behind: it would keep a guest's only channel to itself.</summary>
internal sealed class RunningCommand : Process
{
    // Whoever waits for its end disposes of it, and so does the test.
    private bool isDisposed;

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    internal async Task<int> EndAsync()
    {
        using CancellationTokenSource deadline = new(HostCommand.Patience);
        await WaitForExitAsync(deadline.Token);
        return ExitCode;
    }

    /// <summary>Waits until it, or what it runs, has made a file.</summary>
    internal Task WaitForFileAsync(string path) => WaitUntilAsync(() => File.Exists(path));

    /// <summary>Waits until something is so, which has to be before it ends.</summary>
    internal async Task WaitUntilAsync(Func<bool> isSo)
    {
        using CancellationTokenSource deadline = new(HostCommand.Patience);
        while (!isSo())
        {
            Assert.False(HasExited, HasExited ? await StandardError.ReadToEndAsync(deadline.Token) : "");
            await Task.Delay(50, deadline.Token);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !isDisposed && !HasExited)
        {
            Kill();
        }

        isDisposed = true;
        base.Dispose(disposing);
    }
}
