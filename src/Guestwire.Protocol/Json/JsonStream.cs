namespace Guestwire.Protocol.Json;

/// <summary>A string in the middle of a reply whose bytes are still to be pulled.</summary>
/// <param name="Source">The bytes.</param>
/// <param name="State">Handed to <paramref name="Rest"/>.</param>
/// <param name="Rest">Writes what follows the string.</param>
public sealed record JsonStream(Base64Source Source, object State, Action<JsonWriter, object> Rest);
