using Guestwire.Agent.Policy;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-sync, guest-ping, guest-info: is the agent there, in step, and what can it do.</summary>
internal sealed class SyncCommands(CommandPolicy policy, string reportedVersion, IAgentLog log) : ISyncCommands
{
    // Immutable, so that conversations on other threads may take it at any time.
    private GuestAgentInfo? _last;

    /// <inheritdoc/>
    public long GuestSyncDelimited(GuestSyncDelimitedArguments arguments) => arguments.Id;

    /// <inheritdoc/>
    public long GuestSync(GuestSyncArguments arguments) => arguments.Id;

    /// <inheritdoc/>
    public void GuestPing() => log.Account("guest-ping called");

    /// <inheritdoc/>
    public GuestAgentInfo GuestInfo()
    {
        // Only a freeze and its thaw change what is enabled, so the answer before this one nearly always still holds.
        GuestAgentInfo info = _last is not null && IsUpToDate(_last) ? _last : Describe();
        _last = info;
        return info;
    }

    private GuestAgentInfo Describe()
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

    private bool IsUpToDate(GuestAgentInfo info)
    {
        ReadOnlySpan<CommandId> order = ListingOrder.All;
        int listed = 0;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            if (policy.IsSupported(order[i]) && info.SupportedCommands[listed++].Enabled != policy.IsEnabled(order[i]))
            {
                return false;
            }
        }

        return true;
    }
}
