using System.Globalization;
using System.Text;
using Guestwire.Protocol;

namespace Guestwire.Client.Files;

/// <summary>Reads what the scripts <see cref="ShellScripts.Stat"/> and <see cref="ShellScripts.List"/> write; they say how it looks.</summary>
internal static class ShellListing
{
    private const int FindFields = 16;
    private const int BlockBytes = 512;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a line of stat, and the target that may follow.</summary>
    internal static GuestwireFileStatus ReadStatus(byte[] output)
    {
        int end = output.AsSpan().IndexOf((byte)'\n');
        if (end < 0)
        {
            throw Unexpected();
        }

        GuestwireFileStatus status = ReadStat(Encoding.UTF8.GetString(output, 0, end));
        return status.Type == GuestwireFileType.Symlink ? status with { Target = Encoding.UTF8.GetString(output.AsSpan(end + 1)) } : status;
    }

    /// <summary>Reads a list of files.</summary>
    /// <param name="folder">The directory.</param>
    /// <param name="output">What the script wrote.</param>
    /// <returns>Names relative to the directory.</returns>
    /// <exception cref="IOException">It is none: files came or went meanwhile, or the programs are unknown ones.</exception>
    internal static FolderListing ReadList(string folder, ReadOnlySpan<byte> output)
    {
        if (output.IsEmpty)
        {
            throw Unexpected();
        }

        Listing listing = new();
        int prefixBytes = Encoding.UTF8.GetByteCount(folder) + "/./".Length;
        byte form = output[0];
        output = output[1..];
        while (!output.IsEmpty)
        {
            output = form == (byte)'P' ? ReadFind(output, listing) : ReadGroup(output, prefixBytes, listing);
        }

        return new FolderListing(listing.Entries, listing.Undecodable);
    }

    private static ReadOnlySpan<byte> ReadFind(ReadOnlySpan<byte> output, Listing listing)
    {
        Span<Range> ranges = stackalloc Range[FindFields];
        int start = 0;
        for (int i = 0; i < FindFields; i++)
        {
            int length = output[start..].IndexOf((byte)0);
            ranges[i] = length >= 0 ? new Range(start, start + length) : throw Unexpected();
            start += length + 1;
        }

        string[] fields = new string[FindFields - 2];
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = Encoding.UTF8.GetString(output[ranges[i]]);
        }

        GuestwireFileType type = fields[0] switch
        {
            "f" => GuestwireFileType.Regular,
            "d" => GuestwireFileType.Directory,
            "l" => GuestwireFileType.Symlink,
            "b" => GuestwireFileType.BlockDevice,
            "c" => GuestwireFileType.CharacterDevice,
            "p" => GuestwireFileType.Fifo,
            "s" => GuestwireFileType.Socket,
            _ => GuestwireFileType.Unknown,
        };
        listing.Add(output[ranges[FindFields - 2]], output[ranges[FindFields - 1]], new GuestwireFileStatus
        {
            Type = type,
            Mode = Convert.ToInt64(fields[1], 8),
            UserId = Number(fields[2]),
            GroupId = Number(fields[3]),
            User = fields[4] == fields[2] ? null : fields[4],
            Group = fields[5] == fields[3] ? null : fields[5],
            SizeBytes = Number(fields[6]),
            AllocatedBytes = Number(fields[7]) * BlockBytes,
            ModifiedNs = Nanoseconds(fields[8]),
            AccessedNs = Nanoseconds(fields[9]),
            ChangedNs = Nanoseconds(fields[10]),
            Links = Number(fields[11]),
            Device = (ulong)Number(fields[12]),
            Inode = ulong.Parse(fields[13], CultureInfo.InvariantCulture),
        });
        return output[start..];
    }

    private static ReadOnlySpan<byte> ReadGroup(ReadOnlySpan<byte> output, int prefixBytes, Listing listing)
    {
        List<byte[]> names = [];
        ReadOnlySpan<byte> name;
        while (!(name = Cut(ref output, 0)).IsEmpty)
        {
            names.Add(name.Length > prefixBytes ? name[prefixBytes..].ToArray() : throw Unexpected());
        }

        List<GuestwireFileStatus> statuses = [];
        ReadOnlySpan<byte> lines = Cut(ref output, 0);
        while (!lines.IsEmpty)
        {
            statuses.Add(ReadStat(Encoding.UTF8.GetString(Cut(ref lines, (byte)'\n'))));
        }

        if (statuses.Count != names.Count)
        {
            throw Unexpected();
        }

        for (int i = 0; i < names.Count; i++)
        {
            ReadOnlySpan<byte> target = statuses[i].Type == GuestwireFileType.Symlink ? Cut(ref output, 0) : default;
            listing.Add(names[i], target, statuses[i]);
        }

        return output;
    }

    private static GuestwireFileStatus ReadStat(string line)
    {
        string[] fields = line.Split('/');
        if (fields.Length != 14)
        {
            throw Unexpected();
        }

        int mode = int.Parse(fields[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return new GuestwireFileStatus
        {
            Type = FileModes.TypeOf(mode),
            Mode = mode & FileModes.Permissions,
            UserId = Number(fields[1]),
            GroupId = Number(fields[2]),
            User = fields[3] == "UNKNOWN" ? null : fields[3],
            Group = fields[4] == "UNKNOWN" ? null : fields[4],
            SizeBytes = Number(fields[5]),
            AllocatedBytes = Number(fields[6]) * Number(fields[7]),
            ModifiedNs = Nanoseconds(fields[8]),
            AccessedNs = Nanoseconds(fields[9]),
            ChangedNs = Nanoseconds(fields[10]),
            Links = Number(fields[11]),
            Device = (ulong)Number(fields[12]),
            Inode = ulong.Parse(fields[13], CultureInfo.InvariantCulture),
        };
    }

    private static ReadOnlySpan<byte> Cut(scoped ref ReadOnlySpan<byte> output, byte end)
    {
        int length = output.IndexOf(end);
        if (length < 0)
        {
            throw Unexpected();
        }

        ReadOnlySpan<byte> piece = output[..length];
        output = output[(length + 1)..];
        return piece;
    }

    private static long Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : throw Unexpected();

    /// <summary>Reads seconds with any number of decimals.</summary>
    private static long Nanoseconds(string text)
    {
        // More digits than a long of nanoseconds has are cut off: find writes ten.
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds))
        {
            throw Unexpected();
        }

        decimal nanoseconds = decimal.Floor(seconds * 1_000_000_000);
        return nanoseconds is >= long.MinValue and <= long.MaxValue ? (long)nanoseconds : throw Unexpected();
    }

    private static IOException Unexpected() => new("the guest's programs did not list the files in a form that is known, or files came and went meanwhile");

    private sealed class Listing
    {
        internal List<GuestwireDirectoryEntry> Entries { get; } = [];

        internal int Undecodable { get; private set; }

        internal void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, GuestwireFileStatus status)
        {
            try
            {
                string? leadsTo = status.Type == GuestwireFileType.Symlink ? s_strict.GetString(target) : null;
                Entries.Add(new GuestwireDirectoryEntry { Name = s_strict.GetString(name), Status = status with { Target = leadsTo } });
            }
            catch (DecoderFallbackException)
            {
                Undecodable++;
            }
        }
    }
}
