using System.Text;
using Guestwire.Protocol.Json;

namespace Guestwire.Client.Links;

/// <summary>A call as somebody wrote it, answered as the agent wrote it.</summary>
/// <param name="request">One JSON value, checked.</param>
internal sealed class RawCall(string request) : PendingCall("the request")
{
    private readonly byte[] _request = Encoding.UTF8.GetBytes(request);
    private readonly TaskCompletionSource<string> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The reply, when it is there.</summary>
    internal Task<string> Reply => _reply.Task;

    /// <inheritdoc/>
    internal override void WriteRequest(JsonWriter writer)
    {
        writer.Raw(_request);
        writer.EndLine();
    }

    /// <inheritdoc/>
    internal override bool Take(JsonValue reply)
    {
        _reply.TrySetResult(Encoding.UTF8.GetString(reply.Text));
        return true;
    }

    /// <inheritdoc/>
    internal override void Fail(Exception exception)
    {
        _reply.TrySetException(exception);
        _ = _reply.Task.Exception;
    }
}
