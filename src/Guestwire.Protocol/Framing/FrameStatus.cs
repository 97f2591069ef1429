namespace Guestwire.Protocol.Framing;

/// <summary>What the frame reader found.</summary>
public enum FrameStatus
{
    /// <summary>No frame is complete; more bytes are needed.</summary>
    NeedMoreData,

    /// <summary>A complete and well-formed JSON value.</summary>
    Value,

    /// <summary>Bytes that are no JSON value; they are dropped, and the stream goes on behind them.</summary>
    Error,
}
