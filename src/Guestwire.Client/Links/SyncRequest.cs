using Guestwire.Protocol.Json;

namespace Guestwire.Client.Links;

/// <summary>A guest-sync-delimited with a number of its own, by which both ends find the same place in the stream.</summary>
internal sealed class SyncRequest
{
    // As libvirt's, it fits 32 bits: there are agents that keep no more.
    private readonly long _id = Random.Shared.NextInt64(1, int.MaxValue);

    /// <summary>Writes the request, a line.</summary>
    internal void Write(JsonWriter writer)
    {
        writer.BeginObject();
        writer.Name("execute"u8);
        writer.String("guest-sync-delimited");
        writer.Name("arguments"u8);
        writer.BeginObject();
        writer.Name("id"u8);
        writer.Int64(_id);
        writer.EndObject();
        writer.EndObject();
        writer.EndLine();
    }

    /// <summary>Whether a reply is the one to this request.</summary>
    internal bool IsAnsweredBy(JsonValue reply)
    {
        if (reply.Kind == JsonKind.Object)
        {
            foreach (JsonMember member in reply.Members)
            {
                if (member.Name.TextEquals("return"u8) && member.Value.Kind == JsonKind.Integer)
                {
                    return member.Value.TryGetInt64(out long id) && id == _id;
                }
            }
        }

        return false;
    }
}
