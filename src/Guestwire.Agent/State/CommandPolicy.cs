using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;

namespace Guestwire.Agent.State;

/// <summary>
/// Which commands this agent serves: those that the platform supports, less the blocked ones, and when an allow list is given only
/// those on it. Names that no command has are passed over, as hosts' configurations outlive versions. While filesystems are frozen
/// those commands run that touch no disk, blocked or not, and no others.
/// </summary>
internal sealed class CommandPolicy
{
    private readonly bool[] _supported;
    private readonly bool[] _enabled;
    private readonly FreezeState _freeze;

    internal CommandPolicy(IPlatformCapabilities platform, IReadOnlyList<string> blocked, IReadOnlyList<string> allowed, FreezeState freeze)
    {
        _freeze = freeze;
        _supported = new bool[CommandTable.All.Length];
        _enabled = new bool[CommandTable.All.Length];
        foreach (CommandInfo command in CommandTable.All)
        {
            int index = (int)command.Id;
            _supported[index] = platform.Supports(command.Id);
            _enabled[index] = _supported[index]
                && !Contains(blocked, command.Name)
                && (allowed.Count == 0 || Contains(allowed, command.Name));
        }
    }

    /// <summary>Whether the command exists on this platform at all; one that does not is not even listed.</summary>
    internal bool IsSupported(CommandId command) => _supported[(int)command];

    /// <summary>Whether the command may run now.</summary>
    internal bool IsEnabled(CommandId command) =>
        _freeze.IsFrozen ? _supported[(int)command] && CommandTable.Get(command).AllowedWhileFrozen : _enabled[(int)command];

    /// <summary>What a host hears that asks for a command which may not run.</summary>
    internal static string RefusalOf(CommandInfo command) => $"Command {command.Name} has been disabled: the command is not allowed";

    private static bool Contains(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return true;
            }
        }

        return false;
    }
}
