namespace Guestwire.Agent.Privilege;

/// <summary>The capabilities' names, as capabilities(7) and systemd have them.</summary>
internal static class CapabilityNames
{
    private static readonly (Capabilities Capability, string Name)[] s_names =
    [
        (Capabilities.Chown, "CAP_CHOWN"),
        (Capabilities.DacOverride, "CAP_DAC_OVERRIDE"),
        (Capabilities.DacReadSearch, "CAP_DAC_READ_SEARCH"),
        (Capabilities.FOwner, "CAP_FOWNER"),
        (Capabilities.SetPCap, "CAP_SETPCAP"),
        (Capabilities.NetBindService, "CAP_NET_BIND_SERVICE"),
        (Capabilities.SysAdmin, "CAP_SYS_ADMIN"),
        (Capabilities.SysBoot, "CAP_SYS_BOOT"),
        (Capabilities.SysTime, "CAP_SYS_TIME"),
        (Capabilities.AuditWrite, "CAP_AUDIT_WRITE"),
    ];

    /// <summary>The names of a set, with blanks between, in the order of their numbers.</summary>
    internal static string Of(Capabilities set)
    {
        List<string> names = [];
        foreach ((Capabilities capability, string name) in s_names)
        {
            if (set.HasFlag(capability))
            {
                names.Add(name);
            }
        }

        return string.Join(' ', names);
    }
}
