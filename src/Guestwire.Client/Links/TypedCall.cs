using Guestwire.Protocol.Json;

namespace Guestwire.Client.Links;

/// <summary>A call whose reply has a type.</summary>
/// <param name="command">The command.</param>
/// <param name="arguments">Writes the members of its arguments; null when there are none.</param>
/// <param name="read">Reads the value of <c>return</c>.</param>
internal sealed class TypedCall<T>(string command, Action<JsonWriter>? arguments, Func<ReplyReader, JsonValue, T> read) : PendingCall(command)
{
    // Whoever waits goes on elsewhere: the thread that reads replies has more of them to read.
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The result, when it is there.</summary>
    internal Task<T> Result => _result.Task;

    /// <inheritdoc/>
    internal override void WriteRequest(JsonWriter writer) => WriteRequest(writer, Command, arguments);

    /// <inheritdoc/>
    internal override bool Take(JsonValue reply)
    {
        try
        {
            ReplyReader reader = new(Command);
            _result.TrySetResult(read(reader, reader.Return(reply)));
        }
        catch (Exception exception)
        {
            // An error of the agent, or a reply that is none.
            _result.TrySetException(exception);
        }

        return true;
    }

    /// <inheritdoc/>
    internal override void Fail(Exception exception)
    {
        _result.TrySetException(exception);

        // Whoever gave up will not look at it.
        _ = _result.Task.Exception;
    }
}
