namespace Guestwire.Agent.Policy;

/// <summary>The profiles' names in the configuration file.</summary>
internal static class PolicyProfileNames
{
    /// <summary>All names, as an error lists them.</summary>
    internal const string All = "full, managed, backup, readonly";

    /// <summary>The profile of that name, or null.</summary>
    internal static PolicyProfile? Parse(string name) => name switch
    {
        "full" => PolicyProfile.Full,
        "managed" => PolicyProfile.Managed,
        "backup" => PolicyProfile.Backup,
        "readonly" => PolicyProfile.ReadOnly,
        _ => null,
    };

    /// <summary>The name of a profile.</summary>
    internal static string Of(PolicyProfile profile) => profile switch
    {
        PolicyProfile.Full => "full",
        PolicyProfile.Managed => "managed",
        PolicyProfile.Backup => "backup",
        _ => "readonly",
    };
}
