using EndToEnd.Sandbox;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>
/// A Debian system without a machine around it: programs of it run in a copy, in namespaces of their own. Beside it lie our
/// package in two versions and the one whose place it takes.
/// </summary>
public sealed class DebianRoot : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder packages = new();

    /// <summary>The package in its first version, on this machine.</summary>
    internal string Package { get; private set; } = "";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await CommandLine.RunAsync(Path.Combine(Checkout.Root, "eng", "debian-root"));
        Package = await AgentPackage.BuildAsync(AgentPackage.Version, packages.Path);
        await AgentPackage.BuildAsync(AgentPackage.NewerVersion, packages.Path);
        foreach (string other in Directory.GetFiles(Path.Combine(Checkout.Root, "cache", "debian", "packages")))
        {
            File.Copy(other, packages.Combine(Path.GetFileName(other)));
        }

        File.WriteAllText(
            packages.Combine("Packages"), await CommandLine.RunAsync("sh", "-c", $"cd {packages.Path} && dpkg-scanpackages --multiversion . 2>/dev/null"));

        // The user that apt reads packages as must be able to.
        File.SetUnixFileMode(packages.Path, (UnixFileMode)0b111_101_101);
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => packages.Dispose();

    /// <summary>Runs a shell script in a fresh copy; it ends at the first command that fails.</summary>
    /// <returns>Its output.</returns>
    internal async Task<string> RunAsync(string script)
    {
        using TemporaryFolder workspace = new();
        return await CommandLine.RunAsync(
            "unshare", "--mount", "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child",
            Checkout.BesideTests("DebianGuest", "inside-root.sh"),
            Path.Combine(Checkout.Root, "cache", "debian", "root"), workspace.Path, packages.Path, script);
    }
}
