namespace Guestwire.Client.Files;

/// <summary>How much of a file goes over the wire at once.</summary>
internal static class ChunkSizes
{
    /// <summary>The first piece that is read: most files are small, and nobody may want the rest.</summary>
    internal const int FirstRead = 64 * 1024;

    /// <summary>The largest piece, where the link takes so much. In base64 it stays below the 4 MiB that libvirt's protocol takes of a reply (REMOTE_STRING_MAX, remote_protocol.x).</summary>
    internal const int Largest = 1024 * 1024;

    /// <summary>Pieces on their way at once: while one is carried out, the next is at hand, and one more is being decoded.</summary>
    internal const int Window = 4;
}
