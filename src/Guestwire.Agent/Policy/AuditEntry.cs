using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Policy;

/// <summary>The line about a request, while the request runs.</summary>
internal sealed class AuditEntry : IDisposable
{
    internal AuditEntry(long began)
    {
        Began = began;
        Writer = new JsonWriter(Line);
    }

    /// <summary>When the request began, on the clock of <see cref="RequestAudit"/>.</summary>
    internal long Began { get; }

    /// <summary>The line so far.</summary>
    internal ByteBuffer Line { get; } = new();

    /// <summary>Writes into <see cref="Line"/>.</summary>
    internal JsonWriter Writer { get; }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)Line).Dispose();
}
