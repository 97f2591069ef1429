namespace Guestwire.Agent.Privilege;

/// <summary>Sets of Linux capabilities, as far as commands need them by name; each bit has the kernel's number. Source: capabilities(7).</summary>
[Flags]
internal enum Capabilities : ulong
{
    /// <summary>Nothing that an ordinary process could not do.</summary>
    None = 0,

    /// <summary>Give files away.</summary>
    Chown = 1UL << 0,

    /// <summary>Read, write and search whatever the mode says.</summary>
    DacOverride = 1UL << 1,

    /// <summary>Read and search whatever the mode says.</summary>
    DacReadSearch = 1UL << 2,

    /// <summary>Change the mode of somebody else's files.</summary>
    FOwner = 1UL << 3,

    /// <summary>Take capabilities out of the bounding set.</summary>
    SetPCap = 1UL << 8,

    /// <summary>Listen on ports below 1024.</summary>
    NetBindService = 1UL << 10,

    /// <summary>Freeze, thaw and trim filesystems, ask a disk for its health, and a great deal more.</summary>
    SysAdmin = 1UL << 21,

    /// <summary>Ask for the machine to stop.</summary>
    SysBoot = 1UL << 22,

    /// <summary>Set the clocks.</summary>
    SysTime = 1UL << 25,

    /// <summary>Write to the kernel's audit log, which PAM insists on.</summary>
    AuditWrite = 1UL << 29,

    /// <summary>All that there are or will be.</summary>
    All = ulong.MaxValue,
}
