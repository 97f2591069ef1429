using System.Buffers.Text;
using System.Text;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// A file of <c>/run/systemd/sessions</c>: lines of <c>KEY=value</c>, among them <c>USER</c>, <c>CLASS</c>, <c>STATE</c> and
/// <c>REALTIME</c>, microseconds since 1970. Source: src/login/logind-session.c of systemd; the file is not documented, and a key
/// that is missing makes the session none.
/// </summary>
internal static class LogindSession
{
    /// <summary>Reads a session.</summary>
    /// <returns>False when it is not that of a person who is logged in: a greeter, a background job, one that is ending.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, out string user, out double loginTime)
    {
        user = "";
        loginTime = 0;
        bool ofPerson = false;
        bool ending = false;
        bool dated = false;
        TextLines lines = new(text);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("USER="u8))
            {
                user = Encoding.UTF8.GetString(line[5..]);
            }
            else if (line.StartsWith("CLASS="u8))
            {
                // user, user-early, user-incomplete, user-light.
                ofPerson = line.StartsWith("CLASS=user"u8);
            }
            else if (line.StartsWith("STATE="u8))
            {
                ending = line.SequenceEqual("STATE=closing"u8);
            }
            else if (line.StartsWith("REALTIME="u8))
            {
                dated = Utf8Parser.TryParse(line[9..], out ulong microseconds, out _);
                loginTime = microseconds / 1e6;
            }
        }

        return ofPerson && !ending && dated && user.Length > 0;
    }
}
