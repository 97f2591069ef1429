namespace EndToEnd.Host;

/// <summary>Which agent a host finds in a guest.</summary>
public enum AgentKind
{
    /// <summary>Ours.</summary>
    Ours,

    /// <summary>Debian's qemu-ga, with GNU's programs beside it.</summary>
    Reference,

    /// <summary>Debian's qemu-ga, with busybox's programs beside it.</summary>
    ReferenceWithBusybox,
}
