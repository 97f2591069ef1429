namespace Guestwire.Agent.Channels;

/// <summary>A channel could not be opened: the operator must hear why, there being no host to tell.</summary>
public sealed class ChannelException : Exception
{
    /// <summary>Says what was tried, on what, and why not.</summary>
    public ChannelException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was tried, with the failure behind it.</summary>
    public ChannelException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>Says nothing; there for serializers, never thrown here.</summary>
    public ChannelException()
    {
    }
}
