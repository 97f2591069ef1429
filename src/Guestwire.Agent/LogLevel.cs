namespace Guestwire.Agent;

/// <summary>How much a line matters, most first.</summary>
public enum LogLevel
{
    /// <summary>The agent cannot go on.</summary>
    Error,

    /// <summary>Something is broken, and the agent goes on.</summary>
    Critical,

    /// <summary>Something is odd.</summary>
    Warning,

    /// <summary>Something that an operator may want to know.</summary>
    Message,

    /// <summary>What the agent does.</summary>
    Info,

    /// <summary>How the agent does it.</summary>
    Debug,
}
