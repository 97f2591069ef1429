namespace Guestwire.Client.Files;

/// <summary>Requests by a file's handle of which several are on their way at once. Each is sent when the outer task ends, and answered when the inner one does.</summary>
internal static class FileRequests
{
    /// <summary>Reads on.</summary>
    internal static ValueTask<Task<FileChunk>> StartReadAsync(this GuestClient client, long handle, int count, CancellationToken cancellation) =>
        client.StartAsync(
            "guest-file-read",
            writer =>
            {
                writer.Name("handle"u8);
                writer.Int64(handle);
                writer.Name("count"u8);
                writer.Int64(count);
            },
            FileChunk.Read,
            cancellation);

    /// <summary>Writes on. The bytes are not needed any more when the request is sent.</summary>
    /// <returns>How many bytes the guest took.</returns>
    internal static ValueTask<Task<long>> StartWriteAsync(
        this GuestClient client, long handle, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        client.StartAsync(
            "guest-file-write",
            writer =>
            {
                writer.Name("handle"u8);
                writer.Int64(handle);
                writer.Name("buf-b64"u8);
                writer.Base64(bytes.Span);
            },
            static (reader, value) => GuestFileWriteReply.Read(reader, "return", value).Count,
            cancellation);

    /// <summary>Goes to a position.</summary>
    /// <returns>The position.</returns>
    internal static ValueTask<Task<long>> StartSeekAsync(this GuestClient client, long handle, long position, CancellationToken cancellation) =>
        client.StartAsync(
            "guest-file-seek",
            writer =>
            {
                writer.Name("handle"u8);
                writer.Int64(handle);
                writer.Name("offset"u8);
                writer.Int64(position);
                writer.Name("whence"u8);
                writer.String("set");
            },
            static (reader, value) => GuestFileSeekReply.Read(reader, "return", value).Position,
            cancellation);
}
