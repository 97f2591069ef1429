using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Fuzz.Seeds;

namespace Guestwire.Fuzz.Targets;

/// <summary>Who is logged in: the records of utmp, of any length, and logind's files. The records that count are found with offsets of our own.</summary>
internal sealed class LoginTarget : FuzzTarget
{
    internal override string Name => "logins";

    internal override string About => "/var/run/utmp and /run/systemd/sessions/*";

    internal override int MaxInputBytes => 384 * 4;

    internal override IEnumerable<byte[]> Seeds => [SeedTexts.Named("utmp.bin"), SeedTexts.Named("logind-session.txt")];

    internal override IReadOnlyList<byte[]> Words { get; } = [[7, 0, 0, 0], [8, 0, 0, 0], .. SeedTexts.Words("USER=", "CLASS=user\n", "STATE=closing\n", "REALTIME=18446744073709551616\n", "\n")];

    internal override void Run(ReadOnlySpan<byte> input)
    {
        Check(input, Architecture.X64, recordBytes: 384, timeOffset: 340);
        Check(input, Architecture.Arm64, recordBytes: 400, timeOffset: 344);
        if (LogindSession.TryParse(input, out string user, out double loginTime))
        {
            Violation.Unless(user.Length > 0 && !user.Contains('\n', StringComparison.Ordinal) && double.IsFinite(loginTime) && loginTime >= 0, "a session has a user and a time");
        }
    }

    private static void Check(ReadOnlySpan<byte> input, Architecture architecture, int recordBytes, int timeOffset)
    {
        List<(string User, double LoginTime)> logins = UtmpRecords.Parse(input, architecture);
        int next = 0;
        for (int start = 0; start + recordBytes <= input.Length; start += recordBytes)
        {
            ReadOnlySpan<byte> record = input.Slice(start, recordBytes);
            if (BinaryPrimitives.ReadInt16LittleEndian(record) != 7)
            {
                continue;
            }

            Violation.Unless(next < logins.Count, "each login on record is told");
            string name = Encoding.UTF8.GetString(record.Slice(44, 32)).Split('\0')[0];
            double seconds = recordBytes == 400
                ? BinaryPrimitives.ReadInt64LittleEndian(record[timeOffset..]) + (BinaryPrimitives.ReadInt64LittleEndian(record[(timeOffset + 8)..]) / 1e6)
                : BinaryPrimitives.ReadInt32LittleEndian(record[timeOffset..]) + (BinaryPrimitives.ReadInt32LittleEndian(record[(timeOffset + 4)..]) / 1e6);
            (string user, double loginTime) = logins[next++];

            // A name may be cut in the middle of a character; then the last one is a replacement in one and not in the other.
            Violation.Unless(loginTime.Equals(seconds) && name.StartsWith(user.TrimEnd('\uFFFD'), StringComparison.Ordinal), "a login is told as it is on record",
                () => $"{user} {loginTime} and {name} {seconds}");
        }

        Violation.Unless(next == logins.Count, "nothing but logins is told");
    }
}
