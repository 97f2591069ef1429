using Guestwire.Protocol.Json;

namespace Guestwire.Client.Links;

/// <summary>A request, and who waits for its reply.</summary>
internal abstract class PendingCall(string command)
{
    /// <summary>The command's name, for messages.</summary>
    internal string Command { get; } = command;

    /// <summary>Writes the request, a line.</summary>
    internal abstract void WriteRequest(JsonWriter writer);

    /// <summary>Takes a reply.</summary>
    /// <param name="reply">The envelope, valid during this call only.</param>
    /// <returns>False when another one belongs to this call.</returns>
    internal abstract bool Take(JsonValue reply);

    /// <summary>No reply will come, though the agent may have got the request.</summary>
    internal abstract void Fail(Exception exception);

    /// <summary>The agent has not got the request.</summary>
    internal virtual void Refuse(Exception exception) => Fail(exception);

    /// <summary>Writes a request.</summary>
    /// <param name="arguments">Writes the members of its arguments; null when there are none.</param>
    private protected static void WriteRequest(JsonWriter writer, string command, Action<JsonWriter>? arguments)
    {
        writer.BeginObject();
        writer.Name("execute"u8);
        writer.String(command);
        if (arguments is not null)
        {
            writer.Name("arguments"u8);
            writer.BeginObject();
            arguments(writer);
            writer.EndObject();
        }

        writer.EndObject();
        writer.EndLine();
    }
}
