using System.Text;
using Guestwire.Client;

namespace Guestwire.Cli.Facts;

/// <summary>A small text file of a guest, such as those of proc(5).</summary>
internal static class GuestTextFile
{
    /// <summary>Reads it whole.</summary>
    /// <exception cref="Protocol.QapiException">There is none, or the guest does not let it be read.</exception>
    internal static async Task<string> ReadAsync(GuestClient guest, string path, CancellationToken cancellation)
    {
        GuestFileStream file = await guest.OpenFileAsync(path, "r", cancellation).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            using StreamReader reader = new(file, Encoding.UTF8, leaveOpen: true);
            return await reader.ReadToEndAsync(cancellation).ConfigureAwait(false);
        }
    }
}
