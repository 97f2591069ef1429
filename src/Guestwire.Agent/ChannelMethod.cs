namespace Guestwire.Agent;

/// <summary>How hosts reach the agent.</summary>
public enum ChannelMethod
{
    /// <summary>A port of a virtio console device.</summary>
    VirtioSerial,

    /// <summary>A serial line.</summary>
    IsaSerial,

    /// <summary>A unix socket that the agent listens on.</summary>
    UnixListen,

    /// <summary>A vsock port that the agent listens on.</summary>
    VsockListen,
}
