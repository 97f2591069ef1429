namespace Guestwire.Agent.Platform;

/// <summary>Somebody who can log in.</summary>
/// <param name="Name">The name that was asked for.</param>
/// <param name="Home">The home directory, an absolute path without a slash at its end, but for <c>/</c> itself.</param>
/// <param name="UserId">The number of the user.</param>
/// <param name="GroupId">The number of the user's own group.</param>
internal sealed record Account(string Name, string Home, uint UserId, uint GroupId);
