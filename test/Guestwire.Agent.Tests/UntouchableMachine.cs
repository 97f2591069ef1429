using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests;

/// <summary>Stands where an agent would change the machine it runs on; here that is the developer's.</summary>
internal sealed class UntouchableMachine
    : IWallClock, IPowerControl, IProcessorSwitch, IMemorySwitch, IFilesystemTrimmer, IHelperProgram, IAccountDatabase
{
    /// <inheritdoc/>
    public void Set(long seconds, long nanoseconds) => throw Refuse();

    /// <inheritdoc/>
    public void SetFromHardware() => throw Refuse();

    /// <inheritdoc/>
    public bool TrySetHardware() => throw Refuse();

    /// <inheritdoc/>
    public void ShutDown(ShutdownMode mode) => throw Refuse();

    /// <inheritdoc/>
    public void Suspend(SuspendMode mode) => throw Refuse();

    /// <inheritdoc/>
    public void Switch(long number, bool online) => throw Refuse();

    /// <inheritdoc/>
    public GuestMemoryBlockResponse Switch(ulong number, bool online) => throw Refuse();

    /// <inheritdoc/>
    public IReadOnlyList<GuestFilesystemTrimResult> TrimAll(ulong minimumBytes) => throw Refuse();

    /// <inheritdoc/>
    public HelperEnd TryRun(HelperStart start) => throw Refuse();

    /// <inheritdoc/>
    public Account Find(string name) => throw Refuse();

    private static InvalidOperationException Refuse() => new("a test must not change the machine");
}
