namespace Guestwire.Protocol.Framing;

/// <summary>Why the scanner stopped.</summary>
internal enum ScanResult
{
    /// <summary>Nothing more is there; the token goes on with the next bytes.</summary>
    EndOfInput,

    /// <summary>A token is complete.</summary>
    Token,

    /// <summary>It stands on a byte that no token can have there.</summary>
    BadByte,

    /// <summary>The token is longer than a frame may be.</summary>
    TooLong,
}
