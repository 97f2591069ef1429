namespace Guestwire.Agent.Daemon;

/// <summary>What the program calls itself.</summary>
internal static class Versions
{
    /// <summary>
    /// The release of QEMU whose agent this one replaces. Hosts compare it: it is what <c>--version</c> prints and guest-info reports.
    /// </summary>
    public const string Protocol = "10.2.0";

    /// <summary>Our own version; a test holds it against the build's.</summary>
    public const string Own = "0.1.0";
}
