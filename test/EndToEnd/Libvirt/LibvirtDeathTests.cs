using EndToEnd.DebianGuest;
using EndToEnd.Host;
using EndToEnd.Sandbox;

namespace EndToEnd.Libvirt;

/// <summary>The domain is destroyed while the host's command is in the middle of something.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtDeathTests(LibvirtMachine guest)
{
    private const int Unreachable = 3;
    private const int Ours = 125;

    // One test: each death costs a boot.
    [Fact]
    public async Task A_copy_and_a_freeze_of_a_domain_that_is_destroyed_end_with_what_happened_and_leave_nothing_on_the_host()
    {
        using TemporaryFolder here = new();
        using TemporaryFolder temporary = new();
        (string, string) variable = ("TMPDIR", temporary.Path);

        // So large that no copy of it ever ends, and a hole up to its end, so that the guest has room for it.
        await guest.Shell.DoAsync("head -c 2000000 /dev/urandom > /data/big && truncate -s 200G /data/big && sync");
        await File.WriteAllTextAsync(here.Combine("big"), "what was there before\n");
        using RunningCommand copy = HostCommand.StartIn([variable], "cp", $"{guest.Target}:/data/big", here.Path);
        await copy.WaitUntilAsync(() => Directory.EnumerateFiles(here.Path, ".guestwire-*.part").Any(part => new FileInfo(part).Length > 0));
        await guest.Virsh.DoAsync("destroy");
        HostAnswer copied = await HostCommand.EndAsync(copy);
        string[] left = Directory.GetFileSystemEntries(here.Path);
        await guest.StartDomainAsync();
        await guest.Shell.DoAsync("rm /data/big; sync");

        // Whether a request was on its way just then, or the next one was refused.
        Assert.Equal(Unreachable, copied.Status);
        Assert.Matches("^guestwire: (the agent ended while it was asked for|the domain cannot be asked, start it first)[^\n]*\n$", copied.Errors);
        Assert.Equal([here.Combine("big")], left);
        Assert.Equal("what was there before\n", await File.ReadAllTextAsync(here.Combine("big")));

        using RunningCommand freeze = HostCommand.StartIn(
            [variable], ["freeze", "--thaw-time", "1", guest.Target, "--", .. HostCommand.ProgramThatWaits(here, "echo the copy is made")]);
        await freeze.WaitForFileAsync(here.Combine("frozen"));
        LateWriter writer = await LateWriter.StartAsync(guest.Shell, "/data");
        await writer.WaitUntilBlockedAsync();
        await guest.Virsh.DoAsync("destroy");
        Assert.False(freeze.HasExited);
        await File.WriteAllTextAsync(here.Combine("go-on"), "");
        HostAnswer thawed = await HostCommand.EndAsync(freeze);
        await guest.StartDomainAsync();

        Assert.Equal((Ours, "the copy is made\n"), (thawed.Status, thawed.Text));
        Assert.Contains("MAY STILL BE FROZEN: the domain cannot be asked, start it first", thawed.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(temporary.Path));

        // What the freeze held back was never written, and nothing is held any more.
        Assert.Equal("thawed", await HostCommand.DoAsync("freeze", "--status", guest.Target));
        Assert.Equal("", await guest.Shell.DoAsync("ls /data | grep -v lost+found || true"));
        await guest.AssertWritableAsync("/data", "/root");
    }
}
