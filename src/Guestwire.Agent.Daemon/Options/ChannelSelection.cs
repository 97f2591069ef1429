namespace Guestwire.Agent.Daemon.Options;

/// <summary>Settles which channel the options mean, once a service manager's socket and the defaults are known.</summary>
internal static class ChannelSelection
{
    /// <summary>Completes method and path. Whether the method exists is looked at later: <c>-D</c> prints any word.</summary>
    /// <param name="options">The options as read.</param>
    /// <param name="activated">The kind of socket that was handed over, which overrides both; or null.</param>
    /// <param name="completed">The options with a method and, but for a socket handed over, a path.</param>
    /// <param name="reason">What is missing.</param>
    public static bool TryComplete(AgentOptions options, ChannelMethod? activated, out AgentOptions completed, out string? reason)
    {
        completed = activated is { } method
            ? options with { Method = ChannelMethodNames.Of(method), Path = null }
            : options with { Path = options.Path ?? ChannelMethodNames.DefaultPath(options.Method) };
        reason = activated is null && completed.Path is null ? "must specify a path for this channel" : null;
        return reason is null;
    }
}
