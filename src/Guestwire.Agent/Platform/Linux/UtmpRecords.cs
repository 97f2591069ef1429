using System.Runtime.InteropServices;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// The utmp file: records of fixed size in the machine's byte order. A record: type (2 bytes, then 2 of padding), pid (4), terminal (32),
/// id (4), user (32), host (256), exit status (4), session, seconds and microseconds of the login, address and spare room.
/// On most architectures session, seconds and microseconds take 4 bytes each and a record 384; where the C library never
/// had a 32-bit elder, as on arm64, they take 8 bytes each and a record 400. Source: utmp(5), bits/types/struct_utmp.h.
/// </summary>
internal static class UtmpRecords
{
    private const int UserProcess = 7;
    private const int UserOffset = 44;
    private const int UserBytes = 32;
    private const int SessionOffset = 336;

    /// <summary>The logins on record, in the order of the file. A piece of a record at the end is passed over.</summary>
    /// <param name="file">Content of the file.</param>
    /// <param name="architecture">Decides the layout.</param>
    internal static List<(string User, double LoginTime)> Parse(ReadOnlySpan<byte> file, Architecture architecture)
    {
        bool wide = architecture is Architecture.Arm64 or Architecture.LoongArch64;
        int recordBytes = wide ? 400 : 384;
        List<(string User, double LoginTime)> logins = [];
        for (; file.Length >= recordBytes; file = file[recordBytes..])
        {
            if (BitConverter.ToInt16(file) == UserProcess)
            {
                // The name fills its field when it has 32 bytes, without a zero behind it.
                string user = CText.ToString(file.Slice(UserOffset, UserBytes));
                long seconds = wide ? BitConverter.ToInt64(file[(SessionOffset + 8)..]) : BitConverter.ToInt32(file[(SessionOffset + 4)..]);
                long microseconds = wide ? BitConverter.ToInt64(file[(SessionOffset + 16)..]) : BitConverter.ToInt32(file[(SessionOffset + 8)..]);
                logins.Add((user, seconds + (microseconds / 1e6)));
            }
        }

        return logins;
    }
}
