using System.Diagnostics;
using System.Globalization;
using EndToEnd.Sandbox;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Libvirt;

/// <summary>The libvirtd that the tests start for themselves does nothing to this machine.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtRunTests(LibvirtMachine guest)
{
    [Fact]
    public async Task Ended_it_leaves_no_process_behind()
    {
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.Combine("vmlinuz"), guest.PathOf("vmlinuz"));
        File.CreateSymbolicLink(folder.Combine("initrd"), guest.PathOf("initrd"));
        await CommandLine.RunAsync("qemu-img", "create", "-q", "-f", "qcow2", folder.Combine("disk.qcow2"), "1M");
        foreach (string image in (string[])["data.img", "packages.img", "swap.img"])
        {
            await CommandLine.RunAsync("truncate", "--size", "1M", folder.Combine(image));
        }

        using Process runner = Process.Start(Path.Combine(Checkout.Root, "eng", "libvirt-run"), [folder.Path, "tcg", "300"]);
        await new Virsh(folder.Combine("run", "libvirt", "libvirt-sock")).WaitForAsync("running", "domstate");
        string[] running = ProcessesOf(folder.Path);
        await CommandLine.RunAsync("kill", runner.Id.ToString(CultureInfo.InvariantCulture));
        await runner.WaitForExitAsync();

        Assert.Contains(running, name => name.StartsWith("qemu-system", StringComparison.Ordinal));
        Assert.Contains("libvirtd", running);
        Assert.Empty(ProcessesOf(folder.Path));
    }

    // The names of the processes that have the run's folder mounted somewhere: those of its namespace.
    private static string[] ProcessesOf(string folder) =>
    [
        .. Directory.GetDirectories("/proc")
            .Where(process => ReadOrNothing(process, "mountinfo").Contains($"/{Path.GetFileName(folder)}/run ", StringComparison.Ordinal))
            .Select(process => ReadOrNothing(process, "comm").Trim()),
    ];

    // A process may end while one looks at it.
    private static string ReadOrNothing(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
