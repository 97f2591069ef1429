namespace Guestwire.Agent.Daemon.Options;

/// <summary>The words of <c>-m</c>.</summary>
internal static class ChannelMethodNames
{
    /// <summary><see cref="ChannelMethod.VirtioSerial"/>.</summary>
    public const string VirtioSerial = "virtio-serial";

    /// <summary><see cref="ChannelMethod.IsaSerial"/>.</summary>
    public const string IsaSerial = "isa-serial";

    /// <summary><see cref="ChannelMethod.UnixListen"/>.</summary>
    public const string UnixListen = "unix-listen";

    /// <summary><see cref="ChannelMethod.VsockListen"/>.</summary>
    public const string VsockListen = "vsock-listen";

    /// <summary>The method of that name.</summary>
    /// <returns>Null when there is none.</returns>
    public static ChannelMethod? Parse(string name) => name switch
    {
        VirtioSerial => ChannelMethod.VirtioSerial,
        IsaSerial => ChannelMethod.IsaSerial,
        UnixListen => ChannelMethod.UnixListen,
        VsockListen => ChannelMethod.VsockListen,
        _ => null,
    };

    /// <summary>The name of a method.</summary>
    public static string Of(ChannelMethod method) => method switch
    {
        ChannelMethod.VirtioSerial => VirtioSerial,
        ChannelMethod.IsaSerial => IsaSerial,
        ChannelMethod.UnixListen => UnixListen,
        _ => VsockListen,
    };

    /// <summary>The path of a method when none is given.</summary>
    /// <returns>Null for methods that have none, and for words that are no method.</returns>
    public static string? DefaultPath(string name) => name switch
    {
        VirtioSerial => DefaultPaths.VirtioSerial,
        IsaSerial => DefaultPaths.IsaSerial,
        _ => null,
    };
}
