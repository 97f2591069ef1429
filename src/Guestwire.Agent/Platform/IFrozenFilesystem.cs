namespace Guestwire.Agent.Platform;

/// <summary>A filesystem that this agent has frozen: the very one, whatever is mounted where meanwhile. Disposing does not thaw it.</summary>
internal interface IFrozenFilesystem : IDisposable
{
    /// <summary>Lets writes go on.</summary>
    /// <returns>False when somebody else had thawed it before.</returns>
    bool TryThaw();
}
