using EndToEnd.Sandbox;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>What a freeze is for: a copy of the image, made by the host meanwhile, is in order.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class QuiescedImageTests(DebianMachine guest)
{
    [Fact]
    public async Task A_copy_made_while_frozen_is_clean_and_has_what_was_written_before_and_one_made_otherwise_is_not_clean()
    {
        using TemporaryFolder folder = new();
        await using DataMounts data = new(guest);
        string ext4 = await data.AddAsync("ext4");
        await data.DoAsync(
            $"(n=0; while [ ! -e /run/enough ]; do n=$((n + 1)); echo $n > {ext4}/busy; mv {ext4}/busy {ext4}/busier; done; rm /run/enough) > /dev/null 2>&1 & true",
            "touch /run/enough; while [ -e /run/enough ]; do sleep 0.1; done");
        await guest.Shell.DoAsync($"until [ -e {ext4}/busier ]; do sleep 0.1; done; echo written without a sync > {ext4}/written");
        await using AgentConversation host = await guest.ConnectAsync();

        string torn = await CopyAsync(folder.Combine("torn.img"));
        await host.AskAsync("guest-fsfreeze-freeze");
        string quiesced = await CopyAsync(folder.Combine("quiesced.img"));
        await host.AskAsync("guest-fsfreeze-thaw");

        Assert.Contains("needs_recovery", await ReadFeaturesAsync(torn), StringComparison.Ordinal);
        Assert.DoesNotContain("needs_recovery", await ReadFeaturesAsync(quiesced), StringComparison.Ordinal);
        await CommandLine.RunAsync("sh", "-c", $"e2fsck -f -n {quiesced} 2>&1");
        Assert.Equal("written without a sync", await CommandLine.RunAsync("sh", "-c", $"debugfs -R 'cat /written' {quiesced} 2> /dev/null"));
    }

    private async Task<string> CopyAsync(string copy)
    {
        await CommandLine.RunAsync("cp", "--sparse=always", guest.PathOf("ext4.img"), copy);
        return copy;
    }

    private static async Task<string> ReadFeaturesAsync(string image) =>
        await CommandLine.RunAsync("sh", "-c", $"dumpe2fs -h {image} 2> /dev/null | grep '^Filesystem features:'");
}
