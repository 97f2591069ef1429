using Guestwire.Protocol;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent;

/// <summary>What the frame reader found, kept together: it can be asked only once.</summary>
/// <param name="Status">What it is.</param>
/// <param name="Value">The value; its bytes lie in the reader until more is read there.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct Frame(FrameStatus Status, JsonValue Value, string? Error)
{
    /// <summary>Whether a host that lost patience begins anew with this: a sync, or the byte that clears the line.</summary>
    internal bool StartsConversation =>
        Status == FrameStatus.Error
            ? Error == FrameReader.SentinelError
            : Request.Read(Value, out Request request) is null
                && (request.Command.TextEquals("guest-sync"u8) || request.Command.TextEquals("guest-sync-delimited"u8));

    /// <summary>Asks a reader for its next frame.</summary>
    internal static Frame Read(FrameReader frames)
    {
        FrameStatus status = frames.Read(out JsonValue value, out string? error);
        return new Frame(status, value, error);
    }
}
