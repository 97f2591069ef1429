using System.Globalization;
using Guestwire.Protocol;

namespace Guestwire.Cli.Paths;

/// <summary>What is known of a file, in the words of ls(1) and stat(1).</summary>
internal static class FileText
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Type and permissions in ten letters: <c>drwxr-xr-t</c>.</summary>
    internal static string ModeOf(GuestwireFileStatus status)
    {
        int mode = (int)status.Mode;
        Span<char> letters = stackalloc char[10];
        letters[0] = status.Type switch
        {
            GuestwireFileType.Directory => 'd',
            GuestwireFileType.Symlink => 'l',
            GuestwireFileType.BlockDevice => 'b',
            GuestwireFileType.CharacterDevice => 'c',
            GuestwireFileType.Fifo => 'p',
            GuestwireFileType.Socket => 's',
            GuestwireFileType.Regular => '-',
            _ => '?',
        };
        for (int i = 0; i < 9; i++)
        {
            letters[i + 1] = (mode & (0x100 >> i)) != 0 ? "rwx"[i % 3] : '-';
        }

        Special(letters, 3, (mode & 0x800) != 0, 's');
        Special(letters, 6, (mode & 0x400) != 0, 's');
        Special(letters, 9, (mode & 0x200) != 0, 't');
        return letters.ToString();
    }

    /// <summary>Permissions as chmod(1) takes them: <c>0755</c>.</summary>
    internal static string OctalOf(long mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    /// <summary>A moment of the guest, in this host's time zone.</summary>
    internal static string TimeOf(long nanoseconds) => MomentOf(nanoseconds).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A moment of the guest with all that is known of it.</summary>
    internal static string ExactTimeOf(long nanoseconds)
    {
        long fraction = ((nanoseconds % NanosecondsPerSecond) + NanosecondsPerSecond) % NanosecondsPerSecond;
        DateTimeOffset moment = MomentOf(nanoseconds).ToLocalTime();
        return string.Create(CultureInfo.InvariantCulture, $"{moment:yyyy-MM-dd HH:mm:ss}.{fraction:000000000} {moment:zzz}");
    }

    private static DateTimeOffset MomentOf(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    private static void Special(Span<char> letters, int index, bool isSet, char letter)
    {
        if (isSet)
        {
            letters[index] = letters[index] == 'x' ? letter : char.ToUpperInvariant(letter);
        }
    }
}
