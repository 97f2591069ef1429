namespace Guestwire.Agent.Platform;

/// <summary>Which helper program to run, and for what.</summary>
/// <param name="Action">What the program is there to do, for the error text: <c>set user password</c>. Fixed for each command.</param>
/// <param name="Program">The program; without a slash it is looked for in PATH.</param>
/// <param name="Arguments">Its arguments, without the program's own name.</param>
internal sealed record HelperStart(string Action, string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>What is enough for a program that works for a second: our own limit, for the sake of machines that are very busy.</summary>
    internal static readonly TimeSpan UsualLimit = TimeSpan.FromMinutes(1);

    /// <summary>How long it may run before it and whatever it started are killed, without the time that the machine slept; null for ever.</summary>
    internal TimeSpan? Limit { get; init; } = UsualLimit;

    /// <summary>What it reads on its standard input; empty for <c>/dev/null</c>.</summary>
    internal Memory<byte> Input { get; init; }

    /// <summary>Whether <see cref="Input"/> is a secret: it is overwritten with zeros before the call returns, whatever happens.</summary>
    internal bool WipesInput { get; init; }
}
