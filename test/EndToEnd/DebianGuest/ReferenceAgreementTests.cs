using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>The same questions about the same filesystems to our agent and to Debian's.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class ReferenceAgreementTests(DebianMachine guest)
{
    /// <summary>What only newer versions of the reference say, and what changes from one question to the next.</summary>
    private static readonly string[] s_notCompared = ["total-bytes-privileged", "used-bytes", "trimmed", "smart"];

    [Fact]
    public async Task Both_agents_say_the_same_of_filesystems_disks_freezing_and_trimming()
    {
        await using DataMounts data = new(guest);
        await data.AddAsync("ext4");
        string xfs = await data.AddAsync("xfs");
        string btrfs = await data.AddAsync("btrfs");
        await data.DoAsync("modprobe loop && truncate -s 16M /run/small && mkfs.ext4 -q -F /run/small", "rm /run/small");
        await data.MountAsync("-o loop,ro /run/small", "small");

        // Each finds one filesystem that somebody else has frozen.
        await guest.Shell.DoAsync("fsfreeze --freeze " + btrfs);
        List<string> ours = await AskAllAsync(xfs);
        await guest.Shell.DoAsync("fsfreeze --freeze " + btrfs);
        List<string> theirs;
        await using (await ReferenceService.StartAsync(guest))
        {
            theirs = await AskAllAsync(xfs);
        }

        Assert.Equal(theirs, ours);
    }

    private async Task<List<string>> AskAllAsync(string one)
    {
        await using AgentConversation host = await guest.ConnectAsync();
        (string Command, object? Arguments)[] questions =
        [
            ("guest-fsfreeze-status", null),
            ("guest-fsfreeze-freeze", null),
            ("guest-fsfreeze-status", null),
            ("guest-fsfreeze-thaw", null),
            ("guest-fsfreeze-thaw", null),
            ("guest-fsfreeze-freeze-list", new { mountpoints = (string[])[one, "/no-such-place"] }),
            ("guest-fsfreeze-thaw", null),
            ("guest-fsfreeze-freeze-list", new { mountpoints = Array.Empty<string>() }),
            ("guest-fsfreeze-status", null),
            ("guest-get-fsinfo", null),
            ("guest-get-disks", null),
            ("guest-fstrim", null),
            ("guest-fstrim", new { minimum = 64 * 1024 * 1024 }),
            ("guest-fstrim", new { minimum = -1 }),
        ];
        List<string> replies = [];
        foreach ((string command, object? arguments) in questions)
        {
            replies.Add($"{command}: {Sorted(await host.AskAsync(command, arguments))}");
        }

        return replies;
    }

    /// <summary>JSON with the members of each object in order of name, without those that are not compared.</summary>
    private static string Sorted(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(", ", value.EnumerateObject()
            .Where(member => !s_notCompared.Contains(member.Name))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{member.Name}: {Sorted(member.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(", ", value.EnumerateArray().Select(Sorted)) + "]",
        _ => value.GetRawText(),
    };
}
