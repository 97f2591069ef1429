namespace Guestwire.Agent.Daemon;

/// <summary>How the process ends; service managers look at it.</summary>
internal static class ExitStatus
{
    /// <summary>Done, or told to stop.</summary>
    public const int Success = 0;

    /// <summary>The agent could not start.</summary>
    public const int Failure = 1;
}
