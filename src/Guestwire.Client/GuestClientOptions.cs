namespace Guestwire.Client;

/// <summary>How patient a client is.</summary>
public sealed record GuestClientOptions
{
    /// <summary>How long one command may take; 30 seconds unless told otherwise. <see cref="GuestClient.WithTimeout"/> changes it for some.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take until the agent has proved to be there; 5 seconds unless told otherwise. Nothing else is sent before.</summary>
    public TimeSpan SyncTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
