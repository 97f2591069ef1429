using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Policy;

/// <summary>
/// Which commands this agent serves: those that the platform supports and the administrator's rules leave open, less the blocked ones, and
/// when an allow list is given only those on it. Names that no command has are passed over, as hosts' configurations outlive versions. While filesystems are frozen
/// those commands run that touch no disk, blocked or not, and no others.
/// </summary>
internal sealed class CommandPolicy
{
    private readonly bool[] _supported;
    private readonly string?[] _closedBy;
    private readonly FreezeState _freeze;

    internal CommandPolicy(
        IPlatformCapabilities platform, IReadOnlyList<string> blocked, IReadOnlyList<string> allowed, AccessRules rules, FreezeState freeze)
    {
        _freeze = freeze;
        _supported = new bool[CommandTable.All.Length];
        _closedBy = new string?[CommandTable.All.Length];
        foreach (CommandInfo command in CommandTable.All)
        {
            int index = (int)command.Id;
            _supported[index] = platform.Supports(command.Id);
            _closedBy[index] =
                NameList.Has(blocked, command.Name) ? "block-rpcs"
                : allowed.Count > 0 && !NameList.Has(allowed, command.Name) ? "allow-rpcs"
                : rules.ClosedBy(command);
        }
    }

    /// <summary>Whether the command exists on this platform at all; one that does not is not even listed.</summary>
    internal bool IsSupported(CommandId command) => _supported[(int)command];

    /// <summary>Whether the command may run now.</summary>
    internal bool IsEnabled(CommandId command) =>
        _supported[(int)command] && (_freeze.IsFrozen ? CommandTable.Get(command).AllowedWhileFrozen : _closedBy[(int)command] is null);

    /// <summary>What keeps the command from running when nothing is frozen, in the words of the configuration; null when nothing does.</summary>
    internal string? ClosedBy(CommandId command) => _closedBy[(int)command];

    /// <summary>What a host hears that asks for a command which may not run.</summary>
    internal static string RefusalOf(CommandInfo command) => $"Command {command.Name} has been disabled: the command is not allowed";
}
