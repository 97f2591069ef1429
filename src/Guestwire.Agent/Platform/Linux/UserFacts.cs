using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Who is logged in: from the utmp file, and on systems that have given it up from what logind leaves in <c>/run/systemd/sessions</c>.</summary>
/// <param name="utmpPath">The utmp file.</param>
/// <param name="sessionsDirectory">Where logind keeps a file for each session.</param>
[SupportedOSPlatform("linux")]
internal sealed class UserFacts(string utmpPath = "/var/run/utmp", string sessionsDirectory = "/run/systemd/sessions") : IUserFacts
{
    /// <inheritdoc/>
    public IReadOnlyList<GuestUser> ListLoggedIn()
    {
        bool found = FileText.TryRead(utmpPath, stackalloc byte[FileText.UsualBytes], out FileText utmp);
        using (utmp)
        {
            return EarliestByUser(found ? UtmpRecords.Parse(utmp.Bytes, RuntimeInformation.ProcessArchitecture) : ReadLogindSessions());
        }
    }

    // Once each, where first seen, with the earliest time seen anywhere.
    private static List<GuestUser> EarliestByUser(List<(string User, double LoginTime)> logins)
    {
        List<GuestUser> users = [];
        Dictionary<string, int> positions = [];
        foreach ((string user, double loginTime) in logins)
        {
            if (!positions.TryGetValue(user, out int position))
            {
                positions.Add(user, users.Count);
                users.Add(new GuestUser { User = user, LoginTime = loginTime });
            }
            else if (loginTime < users[position].LoginTime)
            {
                users[position] = new GuestUser { User = user, LoginTime = loginTime };
            }
        }

        return users;
    }

    private List<(string User, double LoginTime)> ReadLogindSessions()
    {
        List<(string User, double LoginTime)> logins = [];
        Span<byte> room = stackalloc byte[FileText.UsualBytes];
        foreach (string name in PseudoFile.TryList(sessionsDirectory, out _) ?? [])
        {
            // Beside each session stands a FIFO whose closing ends the session.
            if (name.EndsWith(".ref", StringComparison.Ordinal))
            {
                continue;
            }

            FileText.TryRead($"{sessionsDirectory}/{name}", room, out FileText session);
            using (session)
            {
                if (LogindSession.TryParse(session.Bytes, out string user, out double loginTime))
                {
                    logins.Add((user, loginTime));
                }
            }
        }

        // The directory has no order of its own; utmp has that of logging in.
        logins.Sort((left, right) => left.LoginTime.CompareTo(right.LoginTime));
        return logins;
    }
}
