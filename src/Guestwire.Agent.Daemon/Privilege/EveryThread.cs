using System.Runtime.CompilerServices;

namespace Guestwire.Agent.Daemon.Privilege;

/// <summary>
/// Does something in each thread that there is at start: what a thread blocks and what it may do is its own affair in Linux.
/// <para>
/// The runtime starts its finalizer thread before <c>Main</c> and offers no way to that thread, except the one that a finalizer has: it runs
/// there. Threads made later inherit from the thread that makes them.
/// </para>
/// </summary>
internal static class EveryThread
{
    /// <summary>Does it in this thread and in the finalizer's, and returns when both are done.</summary>
    /// <param name="action">Must not throw.</param>
    internal static void Do(Action action)
    {
        action();
        var done = new StrongBox<bool>();
        while (!Volatile.Read(ref done.Value))
        {
            DropErrand(action, done);
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>A method of its own, so that no register or stack slot of the caller keeps the object alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropErrand(Action action, StrongBox<bool> done) => _ = new Errand(action, done);

    /// <summary>Garbage with a purpose.</summary>
    private sealed class Errand(Action action, StrongBox<bool> done)
    {
        ~Errand()
        {
            if (!Volatile.Read(ref done.Value))
            {
                action();
                Volatile.Write(ref done.Value, true);
            }
        }
    }
}
