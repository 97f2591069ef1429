using System.Globalization;
using System.Text;
using Guestwire.Agent.Commands;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Policy;

/// <summary>
/// The account of what hosts had this guest do: one JSON object a line for each command that may change something, and for each refusal.
/// <code>
/// {"time": "2026-11-22T05:51:53.123456Z", "channel": "virtio-serial", "command": "guest-exec",
///  "arguments": {"path": "/bin/true", "arg": "[2 hidden]"}, "decision": "allowed", "outcome": "ok", "milliseconds": 1.25}
/// </code>
/// <c>decision</c> is <c>allowed</c> or <c>denied</c>; <c>outcome</c> is <c>ok</c> or the error's description, and is not there after a refusal. What the
/// schema marks as bytes, secret or private is hidden, whatever it holds.
/// </summary>
/// <param name="log">Where the lines go.</param>
/// <param name="clock">The time in each line.</param>
/// <param name="channel">How hosts reach this agent.</param>
internal sealed class RequestAudit(IAgentLog log, TimeProvider clock, string channel)
{
    /// <summary>A longer argument is not worth its place. Our own limit, in bytes on the wire.</summary>
    private const int MaxArgumentBytes = 1024;

    /// <summary>Accounts for a request that may not run.</summary>
    internal void Refused(CommandInfo command, in Request request)
    {
        if (log.HasAudit)
        {
            Close(Open(command, request), isDenied: true, "");
        }
    }

    /// <summary>
    /// Notes a request that is about to run, if it is one to account for. Its arguments are taken now: running it uses up the frame in which they stand.
    /// </summary>
    /// <returns>What <see cref="End"/> wants; null when there is nothing to account for.</returns>
    internal AuditEntry? Begin(CommandInfo command, in Request request) =>
        log.HasAudit && !command.ReadOnly ? Open(command, request) : null;

    /// <summary>Accounts for a request that has run.</summary>
    /// <param name="entry">What <see cref="Begin"/> returned.</param>
    /// <param name="error">What went wrong, or null.</param>
    internal void End(AuditEntry? entry, QapiException? error)
    {
        if (entry is not null)
        {
            Close(entry, isDenied: error?.ErrorClass == ErrorClass.CommandNotFound, error?.Message ?? "ok");
        }
    }

    private AuditEntry Open(CommandInfo command, in Request request)
    {
        AuditEntry entry = new(clock.GetTimestamp());
        JsonWriter writer = entry.Writer;
        writer.BeginObject();
        writer.Name("time"u8);
        writer.String(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        writer.Name("channel"u8);
        writer.String(channel);
        writer.Name("command"u8);
        writer.String(command.Name);
        writer.Name("arguments"u8);
        writer.BeginObject();
        if (!request.Arguments.IsAbsent)
        {
            foreach (JsonMember member in request.Arguments.Members)
            {
                string name = member.Name.GetQuotation();
                writer.String(name);
                writer.NameEnd();
                Write(writer, member.Value, isHidden: NameList.Has(command.HiddenArguments, name));
            }
        }

        writer.EndObject();
        return entry;
    }

    private void Close(AuditEntry entry, bool isDenied, string outcome)
    {
        JsonWriter writer = entry.Writer;
        writer.Name("decision"u8);
        writer.String(isDenied ? "denied" : "allowed");
        if (!isDenied)
        {
            writer.Name("outcome"u8);
            writer.String(outcome);
            writer.Name("milliseconds"u8);
            writer.Double(Math.Round(clock.GetElapsedTime(entry.Began).TotalMilliseconds, 3));
        }

        writer.EndObject();
        writer.EndLine();
        log.Audit(Encoding.ASCII.GetString(entry.Line.Bytes));
        entry.Dispose();
    }

    private static void Write(JsonWriter writer, JsonValue value, bool isHidden)
    {
        if (isHidden)
        {
            writer.String(value.Kind == JsonKind.Array ? $"[{Count(value).ToString(CultureInfo.InvariantCulture)} hidden]" : "[hidden]");
        }
        else if (value.Text.Length > MaxArgumentBytes)
        {
            writer.String($"[{value.Text.Length.ToString(CultureInfo.InvariantCulture)} bytes]");
        }
        else
        {
            writer.Value(value);
        }
    }

    private static int Count(JsonValue list)
    {
        int count = 0;
        foreach (JsonValue _ in list.Items)
        {
            count++;
        }

        return count;
    }
}
