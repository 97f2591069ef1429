using Guestwire.Agent.Policy;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-sync, guest-ping, guest-info: is the agent there, in step, and what can it do.</summary>
internal sealed class SyncCommands(CommandPolicy policy, string reportedVersion, IAgentLog log) : ISyncCommands
{
    /// <inheritdoc/>
    public long GuestSyncDelimited(GuestSyncDelimitedArguments arguments) => arguments.Id;

    /// <inheritdoc/>
    public long GuestSync(GuestSyncArguments arguments) => arguments.Id;

    /// <inheritdoc/>
    public void GuestPing() => log.Account("guest-ping called");

    /// <inheritdoc/>
    public GuestAgentInfo GuestInfo()
    {
        ReadOnlySpan<CommandId> order = ListingOrder.All;
        List<GuestAgentCommandInfo> commands = new(order.Length);
        for (int i = order.Length - 1; i >= 0; i--)
        {
            CommandInfo command = CommandTable.Get(order[i]);
            if (policy.IsSupported(command.Id))
            {
                commands.Add(new GuestAgentCommandInfo
                {
                    Name = command.Name,
                    Enabled = policy.IsEnabled(command.Id),
                    SuccessResponse = command.SuccessResponse,
                });
            }
        }

        return new GuestAgentInfo { Version = reportedVersion, SupportedCommands = commands };
    }
}
