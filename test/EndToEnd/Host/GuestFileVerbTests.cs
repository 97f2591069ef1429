using System.Security.Cryptography;
using System.Text.Json;
using EndToEnd.DebianGuest;
using EndToEnd.Sandbox;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Host;

/// <summary>The verbs on files of a booted guest of Debian, with our agent and with Debian's. What they did is asked of the guest's own shell.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class GuestFileVerbTests(DebianMachine guest) : IAsyncLifetime
{
    // On the disk, not in memory.
    private const string Folder = "/root/verbs";

    // Names, kinds, modes, targets of links and times to the second, and all content.
    private const string Describe = "find . -printf '%P|%y|%m|%l|%Ts\\n' | LC_ALL=C sort; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 cat | sha256sum";

    /// <summary>Both agents.</summary>
    public static TheoryData<string> Agents => HostedAgent.Both;

    /// <inheritdoc/>
    public async Task InitializeAsync() => await guest.Shell.DoAsync("mkdir " + Folder);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await guest.Shell.DoAsync("rm -r " + Folder);

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Files_are_looked_at_read_and_listed_as_the_guest_has_them(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        await guest.Shell.DoAsync(
            $"cd {Folder}; head -c 300000 /dev/urandom > 'a b'; chown daemon:games 'a b'; chmod 4751 'a b'; touch -d '2001-02-03 04:05:06.5 UTC' 'a b'; ln -s 'a b' link; mkdir z");

        HostAnswer cat = await HostCommand.RunAsync("cat", At("a b"));
        JsonElement stat = (await HostCommand.RunAsync("stat", "--checksum", "--json", At("a b"))).Json;
        string list = await HostCommand.DoAsync("ls", At());
        string[] lines = (await HostCommand.DoAsync("ls", "-l", At())).Split('\n');

        string sum = (await guest.Shell.DoAsync($"cd {Folder}; sha256sum < 'a b' | cut -d ' ' -f 1")).Trim();
        string[] known = (await guest.Shell.DoAsync($"cd {Folder}; stat -c '%s %u %g %h %i' 'a b'")).Trim().Split(' ');
        Assert.Equal((0, ""), (cat.Status, cat.Errors));
        Assert.Equal(sum, Convert.ToHexStringLower(SHA256.HashData(cat.Output)));
        Assert.Equal(sum, stat.GetProperty("sha256").GetString());
        JsonElement status = stat.GetProperty("status");
        string[] members = ["size-bytes", "user-id", "group-id", "links", "inode"];
        Assert.Equal(known, members.Select(member => status.GetProperty(member).GetRawText()));
        Assert.Equal((0x9E9, 981173106_500_000_000), (status.GetProperty("mode").GetInt32(), status.GetProperty("modified-ns").GetInt64()));
        Assert.Equal("a b\nlink\nz", list);

        // Their owners by the names that the guest has for them.
        string theirs = await guest.Shell.DoAsync($"LC_ALL=C TZ=UTC ls -l --time-style='+%Y-%m-%d %H:%M:%S' {Folder} | tail -n +2");
        Assert.Equal(WordsOf(theirs.TrimEnd('\n').Split('\n')), WordsOf(lines));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Files_are_made_moved_changed_and_removed_in_the_guest(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        await guest.Shell.DoAsync($"cd {Folder}; printf 'old\\n' > file; chown daemon:games file; chmod 0640 file; ln -s file link");

        await HostCommand.DoAsync("mkdir", "-p", "-m", "0710", At("one", "t w o"));
        Assert.Equal(1, (await HostCommand.RunAsync("mkdir", At("one"))).Status);
        Assert.Equal("710\n", await AskAsync("stat -c %a 'one/t w o'"));

        HostAnswer edited = await HostCommand.RunInAsync([("VISUAL", "sed -i s/old/new/")], "edit", At("link"));
        Assert.Equal((0, ""), (edited.Status, edited.Errors));
        Assert.Equal("new\n640 daemon games\nfile\n", await AskAsync("cat file; stat -c '%a %U %G' file; readlink link"));

        await HostCommand.DoAsync("mv", At("file"), At("one", "t w o"));
        await HostCommand.DoAsync("mv", At("link"), $"{Folder}/one/other");
        Assert.Equal("new\nfile\none\n", await AskAsync("cat 'one/t w o/file'; readlink one/other; ls -A"));

        await HostCommand.DoAsync("chmod", "-R", "u=rwX,go=", At("one"));
        Assert.Equal("700\n600\n", await AskAsync("stat -c %a 'one/t w o' 'one/t w o/file'"));

        Assert.Equal(1, (await HostCommand.RunAsync("rm", At("one"))).Status);
        Assert.Equal("one\n", await AskAsync("ls -A"));
        await HostCommand.DoAsync("rm", "-r", At("one"));
        Assert.Equal("", await AskAsync("ls -A"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_tree_goes_in_and_comes_out_as_it_was(string name)
    {
        await using IAsyncDisposable agent = await ReferenceService.PutAsync(guest, name);
        using TemporaryFolder here = new();
        Directory.CreateDirectory(here.Combine("tree", "sub folder"), (UnixFileMode)0x1E8);
        for (int i = 0; i < 40; i++)
        {
            await File.WriteAllTextAsync(here.Combine("tree", "sub folder", $"{i}"), $"file {i}");
        }

        await File.WriteAllBytesAsync(here.Combine("tree", "large"), RandomNumberGenerator.GetBytes(1_500_000));
        File.CreateSymbolicLink(here.Combine("tree", "link"), "sub folder/7");

        await HostCommand.DoAsync("cp", "-r", here.Combine("tree"), At());
        string there = await AskAsync($"cd tree; {Describe}");
        await HostCommand.DoAsync("cp", "-r", At("tree"), here.Combine("back"));

        Assert.Equal(await DescribeAsync(here.Combine("tree")), there);
        Assert.Equal(there, await DescribeAsync(here.Combine("back")));
    }

    private static async Task<string> DescribeAsync(string path) => await CommandLine.RunAsync("/bin/sh", "-c", $"cd \"$1\"; {Describe}", "sh", path) + "\n";

    private string At(params string[] parts) => $"unix:{guest.PathOf("agent.sock")}:{string.Join('/', [Folder, .. parts])}";

    private Task<string> AskAsync(string command) => guest.Shell.DoAsync($"cd {Folder}; {command}");

    private static string[][] WordsOf(string[] lines) => [.. lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
