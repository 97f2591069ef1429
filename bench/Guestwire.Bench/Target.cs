namespace Guestwire.Bench;

/// <summary>What is compared.</summary>
internal enum TargetKind
{
    /// <summary>Our agent.</summary>
    Ours,

    /// <summary>Debian's qemu-ga.</summary>
    Reference,

    /// <summary>bench/limit.c: what the machine allows.</summary>
    Limit,
}

/// <summary>One of the programs that are compared, and where it is.</summary>
/// <param name="Kind">Its column.</param>
/// <param name="Program">The program to start, or null for an agent that runs in a guest.</param>
/// <param name="Socket">Where an agent in a guest is reached, or null for one that is started here.</param>
internal sealed record Target(TargetKind Kind, string? Program, string? Socket)
{
    /// <summary>True for what does the work, not only the talking.</summary>
    internal bool IsAgent => Kind != TargetKind.Limit;

    /// <summary>For progress and messages.</summary>
    internal string Name => Kind switch
    {
        TargetKind.Ours => "ours",
        TargetKind.Reference => "qemu-ga",
        _ => "C limit",
    };

    /// <summary>The program's command line when it listens on a socket and keeps its state in a folder.</summary>
    internal string[] MakeCommandLine(string socket, string folder) =>
        IsAgent ? [Program!, "-m", "unix-listen", "-p", socket, "-t", folder] : [Program!, socket];
}
