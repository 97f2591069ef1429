namespace Guestwire.Agent.Platform;

/// <summary>Which helper program to run, and for what.</summary>
/// <param name="Action">What the program is there to do, for the error text: <c>set user password</c>. Fixed for each command.</param>
/// <param name="Program">The program; without a slash it is looked for in PATH.</param>
/// <param name="Arguments">Its arguments, without the program's own name.</param>
internal sealed record HelperStart(string Action, string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>What it reads on its standard input; empty for <c>/dev/null</c>.</summary>
    internal Memory<byte> Input { get; init; }

    /// <summary>Whether <see cref="Input"/> is a secret: it is overwritten with zeros before the call returns, whatever happens.</summary>
    internal bool WipesInput { get; init; }
}
