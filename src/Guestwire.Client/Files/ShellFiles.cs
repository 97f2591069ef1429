using Guestwire.Protocol;

namespace Guestwire.Client.Files;

/// <summary>Files of a guest whose agent does not know them, through the guest's own programs.</summary>
internal sealed class ShellFiles(GuestClient client) : GuestFiles
{
    public override Task<GuestwireFileStatus?> StatAsync(string path, bool follow, CancellationToken cancellation) => throw new NotImplementedException();
    public override Task<IReadOnlyList<GuestwireDirectoryEntry>> ListAsync(string path, CancellationToken cancellation) => throw new NotImplementedException();
    public override Task MakeDirectoryAsync(string path, int? mode, bool parents, CancellationToken cancellation) => throw new NotImplementedException();
    public override Task RemoveAsync(string path, bool recursive, CancellationToken cancellation) => throw new NotImplementedException();
    public override Task RenameAsync(string path, string to, bool replace, CancellationToken cancellation) => throw new NotImplementedException();
    public override Task SetAttributesAsync(string path, GuestFileAttributes attributes, CancellationToken cancellation) => throw new NotImplementedException();
    public override Task LinkAsync(string path, string target, bool symbolic, CancellationToken cancellation) => throw new NotImplementedException();
    public override Task<GuestwireFileChecksum> ChecksumAsync(string path, long offset, long? count, CancellationToken cancellation) =>
        throw new NotImplementedException(client.ToString());
}
