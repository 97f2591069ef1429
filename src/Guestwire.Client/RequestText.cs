using System.Text.Json;

namespace Guestwire.Client;

/// <summary>Requests as people write them.</summary>
internal static class RequestText
{
    /// <summary>Holds a request against the grammar, so that no half of one ever reaches an agent.</summary>
    /// <exception cref="FormatException">It is not one JSON object.</exception>
    internal static void Check(string request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            using JsonDocument document = JsonDocument.Parse(request);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("a request is a JSON object, such as {\"execute\": \"guest-ping\"}");
            }
        }
        catch (JsonException exception)
        {
            throw new FormatException($"the request is not JSON: {exception.Message}", exception);
        }
    }
}
