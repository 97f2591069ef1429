using Guestwire.Protocol;

namespace Guestwire.Client;

/// <summary>What an agent can do, as its guest-info tells.</summary>
public sealed class GuestFeatures
{
    private readonly Dictionary<string, GuestAgentCommandInfo> _commands = new(StringComparer.Ordinal);

    internal GuestFeatures(GuestAgentInfo info)
    {
        Version = info.Version;
        foreach (GuestAgentCommandInfo command in info.SupportedCommands)
        {
            _commands[command.Name] = command;
        }
    }

    /// <summary>The agent's version.</summary>
    public string Version { get; }

    /// <summary>All commands that it has, enabled or not.</summary>
    public IEnumerable<string> Commands => _commands.Keys;

    /// <summary>Whether the agent has a command, be it enabled or not.</summary>
    public bool Has(string command) => _commands.ContainsKey(command);

    /// <summary>Whether the agent has a command and its administrator lets hosts use it.</summary>
    public bool IsEnabled(string command) => _commands.TryGetValue(command, out GuestAgentCommandInfo? info) && info.Enabled;

    /// <summary>Whether programs may have a folder, an account and a time limit, and their input and output may stream.</summary>
    public bool HasStreams => Has("__org.guestwire_exec-read");

    /// <summary>Whether files are reached without the guest's own programs.</summary>
    public bool HasFiles => Has("__org.guestwire_file-stat");
}
