namespace Guestwire.Agent.Commands;

/// <summary>
/// The order in which commands are listed, by <c>-b help</c> forward and by guest-info backward. It is that of the reference, whose
/// schema is one file that grew over the years; ours has a file for each group, so its own order is another one.
/// </summary>
internal static class ListingOrder
{
    /// <summary>Every command once; a test sees to that.</summary>
    internal static ReadOnlySpan<CommandId> All =>
    [
        CommandId.GuestSyncDelimited,
        CommandId.GuestSync,
        CommandId.GuestPing,
        CommandId.GuestGetTime,
        CommandId.GuestSetTime,
        CommandId.GuestInfo,
        CommandId.GuestShutdown,
        CommandId.GuestFileOpen,
        CommandId.GuestFileClose,
        CommandId.GuestFileRead,
        CommandId.GuestFileWrite,
        CommandId.GuestFileSeek,
        CommandId.GuestFileFlush,
        CommandId.GuestFsfreezeStatus,
        CommandId.GuestFsfreezeFreeze,
        CommandId.GuestFsfreezeFreezeList,
        CommandId.GuestFsfreezeThaw,
        CommandId.GuestFstrim,
        CommandId.GuestSuspendDisk,
        CommandId.GuestSuspendRam,
        CommandId.GuestSuspendHybrid,
        CommandId.GuestNetworkGetInterfaces,
        CommandId.GuestGetVcpus,
        CommandId.GuestSetVcpus,
        CommandId.GuestGetDisks,
        CommandId.GuestGetFsinfo,
        CommandId.GuestSetUserPassword,
        CommandId.GuestGetMemoryBlocks,
        CommandId.GuestSetMemoryBlocks,
        CommandId.GuestGetMemoryBlockInfo,
        CommandId.GuestExecStatus,
        CommandId.GuestExec,
        CommandId.GuestGetHostName,
        CommandId.GuestGetUsers,
        CommandId.GuestGetTimezone,
        CommandId.GuestGetOsinfo,
        CommandId.GuestGetDevices,
        CommandId.GuestSshGetAuthorizedKeys,
        CommandId.GuestSshAddAuthorizedKeys,
        CommandId.GuestSshRemoveAuthorizedKeys,
        CommandId.GuestGetDiskstats,
        CommandId.GuestGetCpustats,
        CommandId.GuestGetLoad,
        CommandId.GuestNetworkGetRoute,

        // Ours.
        CommandId.OrgGuestwireExecRead,
        CommandId.OrgGuestwireExecWrite,
        CommandId.OrgGuestwireExecSignal,
        CommandId.OrgGuestwireFileStat,
        CommandId.OrgGuestwireFileList,
        CommandId.OrgGuestwireFileMakeDirectory,
        CommandId.OrgGuestwireFileRemove,
        CommandId.OrgGuestwireFileRename,
        CommandId.OrgGuestwireFileSetAttributes,
        CommandId.OrgGuestwireFileLink,
        CommandId.OrgGuestwireFileChecksum,
        CommandId.OrgGuestwireGetMemory,
        CommandId.OrgGuestwireGetProcesses,
    ];
}
