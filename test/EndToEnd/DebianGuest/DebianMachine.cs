using EndToEnd.Host;
using EndToEnd.Sandbox;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>
/// A guest of Debian, made from Debian's packages by eng/debian-root, in which our package was installed by apt. Its disk is
/// an overlay: what tests do to it is gone with it. Beside it are blank disks for filesystems that tests make.
/// </summary>
public class DebianMachine : PackagedMachine
{
    /// <summary>What the tests share: one guest, one test at a time.</summary>
    internal const string Collection = "Debian guest";

    /// <summary>The service, which has the name of the agent whose place ours takes.</summary>
    internal const string Service = "qemu-guest-agent.service";

    /// <summary>The host's command, for use in the guest.</summary>
    internal static string Command { get; } = "/mnt/" + Path.GetFileName(HostCommand.Program);

    /// <summary>How long apt may take in a guest without hardware virtualization.</summary>
    internal static TimeSpan AptPatience { get; } = TimeSpan.FromMinutes(4);

    /// <summary>The blank disks; in the guest /dev/disk/by-id/virtio-NAME.</summary>
    internal static IReadOnlyList<string> Disks { get; } = ["ext4", "xfs", "btrfs"];

    // What mkfs.xfs asks for, and some more. Nothing of it is taken from this machine's disk before it is written.
    private const long DiskBytes = 512L * 1024 * 1024;

    private bool isInstalled;

    // It is up within half a minute on an idle machine.
    private protected override TimeSpan BootPatience { get; } = TimeSpan.FromMinutes(6);

    // The whole suite, on a busy machine.
    private protected override IReadOnlyList<string> RunArguments { get; } = ["3000"];

    private protected override async Task PrepareAsync(string path)
    {
        using TemporaryFolder packages = new();
        await CommandLine.RunAsync(
            EngineScript("debian-image"),
            path,
            await AgentPackage.BuildAsync(AgentPackage.Version, packages.Path),
            await AgentPackage.BuildAsync(AgentPackage.NewerVersion, packages.Path),
            HostCommand.Program);
        foreach (string disk in Disks)
        {
            using FileStream image = File.Create(Path.Combine(path, disk + ".img"));
            image.SetLength(DiskBytes);
        }
    }

    private protected override async Task WaitUntilReadyAsync()
    {
        // udev may still be at work when the shell is there.
        await Shell.DoAsync("until [ -e /dev/disk/by-id/virtio-packages ]; do sleep 0.2; done", BootPatience);
        await Shell.DoAsync("mount -o ro /dev/disk/by-id/virtio-packages /mnt");
        if (!isInstalled)
        {
            await Shell.DoAsync("apt-get -qq update", AptPatience);
            await AptAsync($"install guestwire-agent={AgentPackage.Version}");
            isInstalled = true;
        }

        await WaitForAgentAsync(patience: BootPatience);
    }

    /// <summary>Runs apt-get as a user does who has said yes to everything.</summary>
    internal Task AptAsync(string arguments) => Shell.AptAsync(arguments);

    internal override Task WaitUntilAgentAnswersAsync() => WaitForAgentAsync();

    internal override async Task ThawAsync()
    {
        try
        {
            await using AgentConversation host = await ConnectAsync();
            string reply = await host.AskLineAsync("{\"execute\":\"guest-fsfreeze-thaw\"}");

            // A profile may close the command while nothing is frozen.
            Assert.Matches("^\\{\"(return\": [0-9]+|error\": \\{\"class\": \"CommandNotFound\")", reply);
        }
        catch (OperationCanceledException)
        {
            await ThawWithoutAgentAsync();
            throw;
        }
    }
}
