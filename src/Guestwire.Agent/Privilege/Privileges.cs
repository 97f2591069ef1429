using Guestwire.Agent.Commands;
using Guestwire.Agent.Policy;

namespace Guestwire.Agent.Privilege;

/// <summary>What an agent keeps for as long as it lives.</summary>
/// <param name="Kept">Capabilities of its own and of the programs it runs.</param>
/// <param name="NoNewPrivileges">Whether no program may gain what the agent does not have, by being setuid for example.</param>
internal sealed record Privileges(Capabilities Kept, bool NoNewPrivileges)
{
    /// <summary>Whether nothing is given up.</summary>
    internal bool AreAll => Kept == Capabilities.All && !NoNewPrivileges;

    /// <summary>What the commands need that some request could pass.</summary>
    /// <param name="policy">Says which those are.</param>
    /// <param name="table">Says what they need.</param>
    /// <param name="mustThaw">Whether filesystems may be frozen already: then the thaw is open, whatever the policy says.</param>
    internal static Privileges Of(CommandPolicy policy, PrivilegeTable table, Func<bool> mustThaw)
    {
        Privileges needed = new(Capabilities.None, NoNewPrivileges: true);
        foreach (CommandInfo command in CommandTable.All)
        {
            bool isOpen = policy.IsSupported(command.Id) && policy.ClosedBy(command.Id) is null;
            if (isOpen || (command.Id == CommandId.GuestFsfreezeThaw && mustThaw()))
            {
                needed = new Privileges(needed.Kept | table.Of(command.Id), needed.NoNewPrivileges && !table.RunsForeignPrograms(command.Id));
                if (needed.AreAll)
                {
                    // As in every agent without rules: its start need not look any further.
                    break;
                }
            }
        }

        return needed;
    }
}
