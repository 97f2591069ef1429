using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>What the system knows of the people who use it.</summary>
internal interface IUserFacts
{
    /// <summary>Who is logged in: each account once, with its earliest login, in the order of the first records.</summary>
    IReadOnlyList<GuestUser> ListLoggedIn();
}
