namespace Guestwire.Agent.Policy;

/// <summary>How much of itself a guest gives to its host, before rules and lists say more.</summary>
internal enum PolicyProfile
{
    /// <summary>Everything, as <c>qemu-ga</c> gives it: the host is root in the guest.</summary>
    Full,

    /// <summary>What it takes to run the machine; no program, no file, no password and no key unless a rule opens it.</summary>
    Managed,

    /// <summary>Facts, freeze, thaw and trim.</summary>
    Backup,

    /// <summary>Facts alone: commands that change nothing.</summary>
    ReadOnly,
}
