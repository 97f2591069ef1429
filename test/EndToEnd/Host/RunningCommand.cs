using System.Diagnostics;

namespace EndToEnd.Host;

/// <summary>The command while it runs. A test that fails leaves none behind: it would keep a guest's only channel to itself.</summary>
internal sealed class RunningCommand : Process
{
    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !HasExited)
        {
            Kill();
        }

        base.Dispose(disposing);
    }
}
