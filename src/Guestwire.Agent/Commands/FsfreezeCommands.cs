using System.Runtime.Versioning;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-fsfreeze-*: hold filesystems still for a snapshot.</summary>
/// <param name="engine">Does it.</param>
[SupportedOSPlatform("linux")]
internal sealed class FsfreezeCommands(FreezeEngine engine) : IFsfreezeCommands
{
    /// <inheritdoc/>
    public GuestFsfreezeStatus GuestFsfreezeStatus() =>
        engine.IsFrozen ? Protocol.GuestFsfreezeStatus.Frozen : Protocol.GuestFsfreezeStatus.Thawed;

    /// <inheritdoc/>
    public long GuestFsfreezeFreeze() => engine.Freeze(CommandId.GuestFsfreezeFreeze, mountpoints: null);

    /// <inheritdoc/>
    public long GuestFsfreezeFreezeList(GuestFsfreezeFreezeListArguments arguments) =>
        engine.Freeze(CommandId.GuestFsfreezeFreezeList, arguments.Mountpoints);

    /// <inheritdoc/>
    public long GuestFsfreezeThaw() => engine.Thaw();
}
