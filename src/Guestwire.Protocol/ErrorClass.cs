namespace Guestwire.Protocol;

/// <summary>The class of an error reply; the only part of it that a host may branch on.</summary>
public enum ErrorClass
{
    /// <summary>Anything that went wrong; the description says what.</summary>
    GenericError,

    /// <summary>The command does not exist here, or is disabled.</summary>
    CommandNotFound,
}
