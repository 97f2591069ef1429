using System.Buffers.Text;
using System.Text;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// The kernel's two tables of mounts. <c>mountinfo</c>: id, parent, major:minor, root, mountpoint, options, any number of
/// optional fields, <c>-</c>, type, source, more options. <c>mounts</c>: source, mountpoint, type, options and two numbers.
/// In both, fields are parted by blanks, and a blank, tab, line feed, backslash or hash inside one is a backslash and three octal
/// digits. Source: proc_pid_mountinfo(5), fstab(5).
/// </summary>
internal static class MountText
{
    /// <summary>The minor number of a mount whose device the table does not tell.</summary>
    internal const uint UnknownMinor = uint.MaxValue;

    /// <summary>Reads <c>mountinfo</c>. A line that is not as it should be is passed over.</summary>
    internal static List<Mount> ParseMountInfo(ReadOnlySpan<byte> text)
    {
        List<Mount> mounts = [];
        TextLines lines = new(text);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (TryParseMountInfo(line, out MountLine mount))
            {
                mounts.Add(mount.ToMount());
            }
        }

        return mounts;
    }

    /// <summary>Reads a line of <c>mountinfo</c>.</summary>
    /// <returns>False when it is not as it should be.</returns>
    internal static bool TryParseMountInfo(ReadOnlySpan<byte> line, out MountLine mount)
    {
        mount = default;
        TextFields fields = new(line);
        if (fields.TryRead(out ReadOnlySpan<byte> number) && Utf8Parser.TryParse(number, out uint id, out int digits) && digits == number.Length
            && fields.TryRead(out ReadOnlySpan<byte> _)
            && fields.TryRead(out ReadOnlySpan<byte> device) && TryParseDevice(device, out uint major, out uint minor)
            && fields.TryRead(out ReadOnlySpan<byte> _) && fields.TryRead(out ReadOnlySpan<byte> mountpoint)
            && SkipPastDash(ref fields)
            && fields.TryRead(out ReadOnlySpan<byte> type) && fields.TryRead(out ReadOnlySpan<byte> source))
        {
            mount = new MountLine(major, minor, mountpoint, type, source, id);
            return true;
        }

        return false;
    }

    /// <summary>Reads <c>mounts</c>: what comes from a path, but not from a Windows share.</summary>
    internal static List<Mount> ParseMounts(ReadOnlySpan<byte> text)
    {
        List<Mount> mounts = [];
        TextLines lines = new(text);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (TryParseMounts(line, out MountLine mount))
            {
                mounts.Add(mount.ToMount());
            }
        }

        return mounts;
    }

    /// <summary>Reads a line of <c>mounts</c>.</summary>
    /// <returns>False when it is passed over.</returns>
    internal static bool TryParseMounts(ReadOnlySpan<byte> line, out MountLine mount)
    {
        TextFields fields = new(line);
        mount = default;
        if (fields.TryRead(out ReadOnlySpan<byte> source) && source[0] == (byte)'/'
            && fields.TryRead(out ReadOnlySpan<byte> mountpoint)
            && fields.TryRead(out ReadOnlySpan<byte> type) && !type.SequenceEqual("smbfs"u8) && !type.SequenceEqual("cifs"u8))
        {
            mount = new MountLine(0, UnknownMinor, mountpoint, type, source, 0);
            return true;
        }

        return false;
    }

    /// <summary>The text of a field, with its octal escapes undone.</summary>
    internal static string Decode(ReadOnlySpan<byte> field)
    {
        if (!field.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(field);
        }

        byte[] decoded = new byte[field.Length];
        int length = 0;
        for (int i = 0; i < field.Length; i++)
        {
            bool escaped = TryParseOctal(field[(i + 1)..], out byte value) && field[i] == (byte)'\\';
            decoded[length++] = escaped ? value : field[i];
            i += escaped ? 3 : 0;
        }

        return Encoding.UTF8.GetString(decoded.AsSpan(0, length));
    }

    private static bool TryParseOctal(ReadOnlySpan<byte> digits, out byte value)
    {
        int sum = 0;
        bool octal = digits.Length >= 3;
        for (int i = 0; octal && i < 3; i++)
        {
            octal = digits[i] is >= (byte)'0' and <= (byte)'7';
            sum = (sum * 8) + digits[i] - '0';
        }

        value = unchecked((byte)sum);
        return octal && sum <= byte.MaxValue;
    }

    private static bool TryParseDevice(ReadOnlySpan<byte> field, out uint major, out uint minor)
    {
        minor = 0;
        return Utf8Parser.TryParse(field, out major, out int length)
            && length < field.Length && field[length] == (byte)':'
            && Utf8Parser.TryParse(field[(length + 1)..], out minor, out int rest)
            && length + 1 + rest == field.Length;
    }

    private static bool SkipPastDash(ref TextFields fields)
    {
        while (fields.TryRead(out ReadOnlySpan<byte> field))
        {
            if (field.SequenceEqual("-"u8))
            {
                return true;
            }
        }

        return false;
    }
}
