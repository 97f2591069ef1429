using System.Globalization;

namespace Guestwire.Cli.Diagnosis;

/// <summary>
/// The sockets of one path, as <c>/proc/net/unix</c> lists them: <c>Num RefCount Protocol Flags Type St Inode Path</c>, numbers but the inode in hexadecimal.
/// The end that listens and those that it has accepted bear the path; the ends that connected bear none. Source: proc(5), unix(7).
/// </summary>
/// <param name="Listening">Inodes of those that listen.</param>
/// <param name="Connected">Inodes of those that were made for somebody who connected; 0 for one that waits to be accepted.</param>
internal sealed record UnixSocketTable(IReadOnlyList<ulong> Listening, IReadOnlyList<ulong> Connected)
{
    private const string Source = "/proc/net/unix";
    private const int FlagsColumn = 3;
    private const int StateColumn = 5;
    private const int InodeColumn = 6;

    /// <summary>__SO_ACCEPTCON. Source: linux/net.h.</summary>
    private const uint Listens = 0x10000;

    /// <summary>SS_CONNECTING: waits to be accepted. Source: linux/net.h.</summary>
    private const uint IsConnecting = 2;

    /// <summary>SS_CONNECTED.</summary>
    private const uint IsConnected = 3;

    /// <summary>Those of this host; none where it does not tell.</summary>
    internal static UnixSocketTable Read(string path) => File.Exists(Source) ? Parse(File.ReadLines(Source), path) : new UnixSocketTable([], []);

    /// <summary>Reads the list.</summary>
    internal static UnixSocketTable Parse(IEnumerable<string> lines, string path)
    {
        List<ulong> listening = [];
        List<ulong> connected = [];
        foreach (string line in lines)
        {
            string[] columns = line.Split(' ', InodeColumn + 2, StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length != InodeColumn + 2
                || columns[^1] != path
                || !uint.TryParse(columns[FlagsColumn], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint flags)
                || !uint.TryParse(columns[StateColumn], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint state)
                || !ulong.TryParse(columns[InodeColumn], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode))
            {
                continue;
            }

            if ((flags & Listens) != 0)
            {
                listening.Add(inode);
            }
            else if (state is IsConnecting or IsConnected)
            {
                connected.Add(inode);
            }
        }

        return new UnixSocketTable(listening, connected);
    }
}
