using Guestwire.Protocol;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent;

/// <summary>
/// What belongs to one exchange of requests and replies: the bytes received, and the bytes not yet sent. A command that runs on a worker
/// takes its conversation with it, so that the loop can go on listening with a new one.
/// </summary>
internal sealed class Conversation : IDisposable
{
    internal Conversation() => Writer = new JsonWriter(Output);

    /// <summary>What the host sends.</summary>
    internal FrameReader Frames { get; } = new();

    /// <summary>What it is to hear.</summary>
    internal ByteBuffer Output { get; } = new();

    /// <summary>Writes into <see cref="Output"/>.</summary>
    internal JsonWriter Writer { get; }

    /// <summary>Decodes arguments; keeps the place for errors, so each conversation has its own.</summary>
    internal ArgumentReader Arguments { get; } = new();

    /// <summary>Whether nobody waits for its replies any more. Set by <see cref="Outlet"/>.</summary>
    internal bool IsAbandoned { get; set; }

    /// <summary>Forgets everything: the host it was held with is gone.</summary>
    internal void Reset()
    {
        Frames.Reset();
        Writer.Restart();
        Output.Clear();
    }

    /// <summary>Whether it has more memory than a quiet host needs.</summary>
    internal bool HoldsMemory => Frames.HoldsMemory || Output.HoldsMemory;

    /// <summary>Gives back what only a busy host needs.</summary>
    internal void Rest()
    {
        Frames.Rest();
        Output.Rest();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Writer.Restart();
        Frames.Dispose();
        ((IDisposable)Output).Dispose();
    }
}
