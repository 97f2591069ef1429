namespace Guestwire.Agent.Policy;

/// <summary>Whether a request may pass, and what decided it.</summary>
/// <param name="IsAllowed">Whether it may.</param>
/// <param name="Rule">In the words of the configuration: <c>profile backup</c>, <c>read-paths</c>, <c>exec NAME</c>, <c>users</c>.</param>
internal readonly record struct Decision(bool IsAllowed, string Rule);
