namespace Guestwire.Protocol.Framing;

/// <summary>What one frame may hold; the reference's limits.</summary>
public static class FrameLimits
{
    /// <summary>Bytes of all tokens together, without the space between them. A token longer than this ends there.</summary>
    public const int MaxTokenBytes = 64 * 1024 * 1024;

    /// <summary>Number of tokens.</summary>
    public const int MaxTokens = 2 * 1024 * 1024;

    /// <summary>Arrays and objects inside one another.</summary>
    public const int MaxNesting = 1024;

    /// <summary>
    /// Bytes, as written, of one string argument that is no base64: our own limit, far beyond any path, any key and what execve(2) takes
    /// of one argument (128 KiB). What nothing can come of shall not cost several times its size.
    /// </summary>
    public const int MaxStringBytes = 1024 * 1024;

    /// <summary>Bytes of an id, as written, that a reply repeats; our own limit: hosts number their requests.</summary>
    public const int MaxIdBytes = 64 * 1024;

    /// <summary>Bytes of broken input, or of an unknown name, that an error repeats; our own limit, so that a bad frame is not answered by one as large.</summary>
    public const int MaxQuotedBytes = 64 * 1024;
}
