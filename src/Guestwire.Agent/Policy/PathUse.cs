namespace Guestwire.Agent.Policy;

/// <summary>What a request wants with a path, and so which rules it must pass.</summary>
[Flags]
internal enum PathUse
{
    /// <summary>To know what is there: <c>read-paths</c>.</summary>
    Read = 1,

    /// <summary>To change it: <c>write-paths</c>.</summary>
    Write = 2,
}
