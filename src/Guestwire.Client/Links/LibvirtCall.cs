using Guestwire.Protocol;
using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Client.Links;

/// <summary>A call on its way through libvirt.</summary>
internal sealed class LibvirtCall : IDisposable
{
    // It may carry a password.
    private readonly ByteBuffer _request = new(wipes: true);

    /// <summary>Writes the request down: what it is made of may change as soon as the caller goes on.</summary>
    /// <param name="call">The call.</param>
    /// <param name="seconds">As libvirt wants it.</param>
    /// <param name="cancellation">Its caller gave up when this is cancelled.</param>
    internal LibvirtCall(PendingCall call, int seconds, CancellationToken cancellation)
    {
        Call = call;
        Seconds = seconds;
        Cancellation = cancellation;
        call.WriteRequest(new JsonWriter(_request));
        using FrameReader reader = new();
        _request.Bytes.CopyTo(reader.GetSpan(_request.Count));
        reader.Advance(_request.Count);
        if (reader.Read(out JsonValue value, out _) == FrameStatus.Value)
        {
            // Whatever is wrong with it the agent will say.
            _ = Request.Read(value, out Request request);
            Command = request.Command.Kind == JsonKind.String ? request.Command.GetString() : "";
            Id = request.Id.Text.ToArray();
        }

        _request.Append(0);
    }

    /// <summary>Who waits.</summary>
    internal PendingCall Call { get; }

    /// <summary>How long libvirt waits for the agent.</summary>
    internal int Seconds { get; }

    /// <summary>Its caller gave up when this is cancelled.</summary>
    internal CancellationToken Cancellation { get; }

    /// <summary>The request, with a zero behind it.</summary>
    internal ReadOnlySpan<byte> Text => _request.Bytes;

    /// <summary>The command as it stands in the request; empty when there is none.</summary>
    internal string Command { get; } = "";

    /// <summary>The request's <c>id</c>, a JSON value that the reply repeats; empty when there is none.</summary>
    internal byte[] Id { get; } = [];

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_request).Dispose();
}
