namespace Guestwire.Agent;

/// <summary>What the runtime keeps of memory that it once had: after large strings, or many small ones.</summary>
internal static class ManagedMemory
{
    /// <summary>Has it give back what it does not need, when that is worth a collection. For a moment when nobody waits.</summary>
    /// <param name="maxBytes">What may stay.</param>
    internal static void Settle(long maxBytes)
    {
        if (GC.GetTotalMemory(forceFullCollection: false) > maxBytes)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
