namespace Guestwire.Protocol.Tests;

/// <summary>What a piece of work costs the garbage collector.</summary>
internal static class Allocation
{
    private const int Runs = 10;

    /// <summary>
    /// Measures the same work again and again. The runtime allocates on a thread of ours as well, when it happens to compile a method anew that
    /// runs; work that makes garbage does so each time.
    /// </summary>
    /// <returns>The bytes of managed memory of the cheapest run.</returns>
    internal static long Least(Action work) => Least(static () => { }, work);

    /// <inheritdoc cref="Least(Action)"/>
    /// <param name="prepare">What is done before each run, and not counted.</param>
    /// <param name="work">What is measured.</param>
    internal static long Least(Action prepare, Action work)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Runs; i++)
        {
            prepare();
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
