using System.Runtime.Versioning;
using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Policy;
using Guestwire.Agent.Privilege;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Daemon.Privilege;

/// <summary>From a configuration, and what this machine is, to what an agent keeps.</summary>
[SupportedOSPlatform("linux")]
internal static class NeededPrivileges
{
    private const string NvmeControllers = "/sys/class/nvme";

    /// <summary>Whether a disk may be asked for its health: by an NVMe controller that is there now.</summary>
    internal static bool HasNvme => PseudoFile.TryList(NvmeControllers, out _) is { Count: > 0 };

    /// <summary>What a running agent keeps.</summary>
    internal static Privileges OfAgent(AgentOptions options) =>
        Of(options, mustThaw: () => new FreezeMarker(options.StateDirectory).Read() is MarkerStatus.OfThisBoot or MarkerStatus.Unknown);

    /// <summary>
    /// What an agent must have been given when it starts: besides what it keeps, the power to thaw what a dead agent left frozen, and to give up
    /// the rest.
    /// </summary>
    internal static Privileges OfStart(AgentOptions options)
    {
        Privileges privileges = Of(options, mustThaw: () => true);
        return privileges with { Kept = privileges.Kept | Capabilities.SetPCap };
    }

    // A first hook that comes into the folder later has what this agent has. A folder that cannot be read is a freeze's to complain of.
    private static bool HasHook(AgentOptions options)
    {
        try
        {
            return options.FsfreezeHook is not null || new HookDirectory(options.Freeze.HookDirectory).List().Count > 0;
        }
        catch (QapiException)
        {
            return true;
        }
    }

    private static Privileges Of(AgentOptions options, Func<bool> mustThaw)
    {
        CommandPolicy policy = new(new LinuxCapabilities(), options.BlockRpcs, options.AllowRpcs, options.Rules, new FreezeState());
        PrivilegeTable table = new(options.Rules, new Lazy<bool>(() => HasHook(options)), new Lazy<bool>(() => HasNvme));
        Privileges privileges = Privileges.Of(policy, table, mustThaw);
        return options.Method == ChannelMethodNames.VsockListen
            ? privileges with { Kept = privileges.Kept | Capabilities.NetBindService }
            : privileges;
    }
}
