namespace Guestwire.Protocol;

/// <summary>What the other side of the channel must hear: an error reply.</summary>
public sealed class QapiException : Exception
{
    /// <summary>Makes an error of a class.</summary>
    /// <param name="errorClass">The class on the wire.</param>
    /// <param name="description">What was tried, on what, and why not.</param>
    /// <param name="cause">The failure behind it, if there is one.</param>
    public QapiException(ErrorClass errorClass, string description, Exception? cause = null)
        : base(description, cause) => ErrorClass = errorClass;

    /// <summary>Makes a GenericError.</summary>
    public QapiException(string description)
        : this(ErrorClass.GenericError, description)
    {
    }

    /// <summary>Makes a GenericError with a cause.</summary>
    public QapiException(string description, Exception cause)
        : this(ErrorClass.GenericError, description, cause)
    {
    }

    /// <summary>Makes a GenericError that says nothing; there for serializers, never thrown here.</summary>
    public QapiException()
        : this(ErrorClass.GenericError, "unspecified error")
    {
    }

    /// <summary>The class on the wire.</summary>
    public ErrorClass ErrorClass { get; }
}
