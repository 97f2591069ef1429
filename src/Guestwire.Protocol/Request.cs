using Guestwire.Protocol.Framing;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol;

/// <summary>The envelope of a request: <c>{"execute": NAME, "arguments": {…}, "id": ANY}</c>. Hot path.</summary>
/// <param name="Command">The name of the command, a string.</param>
/// <param name="Arguments">Its arguments, an object or absent.</param>
/// <param name="Id">What the reply must repeat, any value or absent.</param>
public readonly record struct Request(JsonValue Command, JsonValue Arguments, JsonValue Id)
{
    /// <summary>Reads an envelope.</summary>
    /// <param name="value">The frame.</param>
    /// <param name="request">The request; when reading fails, the id as far as it is known, so that the error can carry it.</param>
    /// <returns>What is wrong, in the reference's words, or null. Of several faults the one whose name comes first in <see cref="MemberOrder"/>.</returns>
    public static string? Read(JsonValue value, out Request request)
    {
        request = default;
        if (value.Kind != JsonKind.Object)
        {
            return "QMP input must be a JSON object";
        }

        JsonValue command = default;
        JsonValue arguments = default;
        JsonValue id = default;
        string? fault = null;
        int faultOrder = int.MaxValue;
        foreach (JsonMember member in value.Members)
        {
            string? found = null;
            if (member.Name.TextEquals("execute"u8))
            {
                command = member.Value;
                found = command.Kind == JsonKind.String ? null : "QMP input member 'execute' must be a string";
            }
            else if (member.Name.TextEquals("arguments"u8))
            {
                arguments = member.Value;
                found = arguments.Kind == JsonKind.Object ? null : "QMP input member 'arguments' must be an object";
            }
            else if (member.Name.TextEquals("id"u8))
            {
                found = member.Value.Text.Length <= FrameLimits.MaxIdBytes ? null : "QMP input member 'id' is too long";
                id = found is null ? member.Value : default;
            }
            else
            {
                found = $"QMP input member '{member.Name.GetQuotation()}' is unexpected";
            }

            if (found is not null && MemberOrder.Of(member.Name) is int order && order <= faultOrder)
            {
                fault = found;
                faultOrder = order;
            }
        }

        request = new Request(command, arguments, id);
        return fault ?? (command.IsAbsent ? "QMP input lacks member 'execute'" : null);
    }
}
