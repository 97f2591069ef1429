namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// A daemon leaves the directory in which it was started, so what it will look for later must not depend on that directory.
/// </summary>
internal static class AbsolutePaths
{
    /// <summary>The options with absolute paths.</summary>
    /// <param name="options">The options, complete.</param>
    /// <param name="directory">The directory in which the process was started.</param>
    public static AgentOptions Of(AgentOptions options, string directory) => options with
    {
        Path = options.Path is null || options.Method == ChannelMethodNames.VsockListen ? options.Path : Join(directory, options.Path),
        PidFile = Join(directory, options.PidFile),
        StateDirectory = Join(directory, options.StateDirectory),
        FsfreezeHook = options.FsfreezeHook is null ? null : Join(directory, options.FsfreezeHook),
    };

    /// <summary>Nothing is folded: <c>..</c> after a symbolic link means what the kernel says. An empty path stays empty.</summary>
    private static string Join(string directory, string path) =>
        path.Length == 0 || path[0] == '/' ? path : $"{directory.TrimEnd('/')}/{path}";
}
