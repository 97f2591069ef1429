using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Our Debian package, built as packaging/build-deb does for everybody, around the program under test.</summary>
internal static class AgentPackage
{
    /// <summary>The version to begin with.</summary>
    internal const string Version = "0.1.0~test1";

    /// <summary>The version to upgrade to.</summary>
    internal const string NewerVersion = "0.1.0~test2";

    // Both suites that need packages would otherwise build one program's manual at once.
    private static readonly SemaphoreSlim s_oneAtATime = new(1);

    /// <summary>Builds the package into a folder.</summary>
    /// <returns>The package's path.</returns>
    internal static async Task<string> BuildAsync(string version, string folder)
    {
        await s_oneAtATime.WaitAsync();
        try
        {
            return await CommandLine.RunAsync(
                Path.Combine(Checkout.Root, "packaging", "build-deb"), "--version", version, AgentBinary.Ours.Path, folder);
        }
        finally
        {
            s_oneAtATime.Release();
        }
    }
}
