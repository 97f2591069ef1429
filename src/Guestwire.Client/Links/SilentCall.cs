using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Client.Links;

/// <summary>
/// A call whose success is silent. On a stream a guest-sync-delimited goes behind it in the same breath: its reply says that no error came before it.
/// That the guest goes away, or says nothing for a while, is what such commands are for.
/// </summary>
/// <param name="command">The command.</param>
/// <param name="arguments">Writes the members of its arguments; null when there are none.</param>
internal sealed class SilentCall(string command, Action<JsonWriter>? arguments) : PendingCall(command)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SyncRequest _sync = new();

    /// <summary>Ends when the agent has taken the command.</summary>
    internal Task Done => _done.Task;

    /// <inheritdoc/>
    internal override void WriteRequest(JsonWriter writer) => WriteRequest(writer, Command, arguments);

    /// <summary>Writes the request that ends the silence.</summary>
    internal void WriteSync(JsonWriter writer) => _sync.Write(writer);

    /// <inheritdoc/>
    internal override bool Take(JsonValue reply)
    {
        if (_sync.IsAnsweredBy(reply))
        {
            _done.TrySetResult();
            return true;
        }

        try
        {
            new ReplyReader(Command).Return(reply);
        }
        catch (Exception exception) when (exception is QapiException or IOException)
        {
            _done.TrySetException(exception);
        }

        return false;
    }

    /// <inheritdoc/>
    internal override void Fail(Exception exception) => _done.TrySetResult();

    /// <inheritdoc/>
    internal override void Refuse(Exception exception)
    {
        _done.TrySetException(exception);
        _ = _done.Task.Exception;
    }
}
