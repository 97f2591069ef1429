using System.Diagnostics;
using System.Security.Cryptography;
using EndToEnd.Sandbox;
using Guestwire.Client;
using Guestwire.Protocol;

namespace EndToEnd.Host;

/// <summary>Files by their names, with any agent: the same calls, the same effects.</summary>
[Trait("Suite", "host")]
public sealed class GuestFilesTests : IDisposable
{
    private const string OddName = "-a 'b' \"c\"\n$d `e` \\ é *";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<AgentKind> Agents { get; } = [AgentKind.Ours, AgentKind.Reference, AgentKind.ReferenceWithBusybox];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_file_of_any_name_can_be_looked_at(AgentKind kind)
    {
        await using HostedClient agent = await HostedClient.StartAsync(kind);
        GuestFiles files = await agent.Client.GetFilesAsync();
        string path = _folder.Combine(OddName);
        File.WriteAllBytes(path, new byte[5000]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.SetUser);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(1234567890));

        GuestwireFileStatus status = (await files.StatAsync(path))!;

        Assert.Equal(GuestwireFileType.Regular, status.Type);
        Assert.Equal(0x900, status.Mode);
        Assert.Equal(5000, status.SizeBytes);
        Assert.Equal(8192, status.AllocatedBytes);
        Assert.Equal(1234567890000000000, status.ModifiedNs);
        Assert.Equal("root", status.User);
        Assert.Null(await files.StatAsync(path + "x"));
        await Assert.ThrowsAsync<QapiException>(() => files.StatAsync(path + "/x"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_directory_is_listed_in_the_order_of_bytes_without_what_cannot_be_told(AgentKind kind)
    {
        await using HostedClient agent = await HostedClient.StartAsync(kind);
        GuestFiles files = await agent.Client.GetFilesAsync();
        Directory.CreateDirectory(_folder.Combine("b"));
        File.WriteAllText(_folder.Combine("b", "inner"), "");
        File.WriteAllText(_folder.Combine(".hidden"), "");
        File.WriteAllText(_folder.Combine(OddName), "x");
        File.CreateSymbolicLink(_folder.Combine("link"), "to\nnowhere \n");
        WithUndecodable("touch");
        IReadOnlyList<GuestwireDirectoryEntry> entries = await files.ListAsync(_folder.Path);
        WithUndecodable("rm");

        Assert.Equal([OddName, ".hidden", "b", "link"], entries.Select(entry => entry.Name));
        Assert.Equal(GuestwireFileType.Directory, entries[2].Status.Type);
        Assert.Equal("to\nnowhere \n", entries[3].Status.Target);
        Assert.Empty(await files.ListAsync(Directory.CreateDirectory(_folder.Combine("b", "empty")).FullName));
        await Assert.ThrowsAsync<QapiException>(() => files.ListAsync(_folder.Combine("none")));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Directories_links_and_names_are_made_and_removed(AgentKind kind)
    {
        await using HostedClient agent = await HostedClient.StartAsync(kind);
        GuestFiles files = await agent.Client.GetFilesAsync();
        string folder = _folder.Combine(OddName);

        await files.MakeDirectoryAsync(folder + "/x/y", 0x3C0, parents: true);
        await files.MakeDirectoryAsync(folder, parents: true);
        await files.LinkAsync(folder + "/link", "-x\n");
        File.WriteAllText(folder + "/-file", "content");
        await files.LinkAsync(folder + "/hard", folder + "/-file", symbolic: false);
        await files.RenameAsync(folder + "/hard", folder + "/link");

        Assert.Equal(0x3C0, (int)File.GetUnixFileMode(folder + "/x/y"));
        Assert.Equal("content", File.ReadAllText(folder + "/link"));
        await Assert.ThrowsAsync<QapiException>(() => files.MakeDirectoryAsync(folder));
        await Assert.ThrowsAsync<QapiException>(() => files.LinkAsync(folder + "/link", "y"));
        await Assert.ThrowsAsync<QapiException>(() => files.RenameAsync(folder + "/link", folder + "/-file", replace: false));
        await Assert.ThrowsAsync<QapiException>(() => files.RenameAsync(folder + "/link", folder + "/x"));
        await Assert.ThrowsAsync<QapiException>(() => files.RemoveAsync(folder));
        await Assert.ThrowsAsync<QapiException>(() => files.RemoveAsync(folder + "/none", recursive: true));
        await files.RemoveAsync(folder + "/x/y");
        await files.RemoveAsync(folder + "/link");
        Assert.False(File.Exists(folder + "/link") || Directory.Exists(folder + "/x/y"));
        await files.RemoveAsync(folder, recursive: true);
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Attributes_change_as_far_as_they_are_given(AgentKind kind)
    {
        await using HostedClient agent = await HostedClient.StartAsync(kind);
        GuestFiles files = await agent.Client.GetFilesAsync();
        string path = _folder.Combine(OddName);
        File.WriteAllText(path, "content");

        await files.SetAttributesAsync(
            path, new GuestFileAttributes { Mode = 0x9A4, User = "1000", Group = "1001", SizeBytes = 100_000, ModifiedNs = 1234567890123456789 });

        GuestwireFileStatus status = (await files.StatAsync(path))!;
        Assert.Equal((0x9A4, 1000, 1001, 100_000), (status.Mode, status.UserId, status.GroupId, status.SizeBytes));
        Assert.Equal(kind == AgentKind.ReferenceWithBusybox ? 1234567890000000000 : 1234567890123456789, status.ModifiedNs);
        await Assert.ThrowsAsync<QapiException>(() => files.SetAttributesAsync(path + "x", new GuestFileAttributes { Mode = 0 }));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_checksum_is_of_the_part_that_is_asked_for(AgentKind kind)
    {
        await using HostedClient agent = await HostedClient.StartAsync(kind);
        GuestFiles files = await agent.Client.GetFilesAsync();
        string path = _folder.Combine(OddName);
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        File.WriteAllBytes(path, content);

        Assert.Equal(Sum(content), await files.ChecksumAsync(path));
        Assert.Equal(Sum(content[5..15]), await files.ChecksumAsync(path, 5, 10));
        Assert.Equal(Sum(content[99_999..]), await files.ChecksumAsync(path, 99_999, 10));
        Assert.Equal(Sum([]), await files.ChecksumAsync(path, 200_000));
        await Assert.ThrowsAsync<QapiException>(() => files.ChecksumAsync(_folder.Path));
    }

    /// <summary>Has a program deal with a file whose name .NET cannot spell.</summary>
    private void WithUndecodable(string program)
    {
        using Process shell = Process.Start("/bin/bash", ["-c", "\"$1\" -- \"$2\"/$'bad\\xff'", "bash", program, _folder.Path]);
        shell.WaitForExit();
    }

    private static GuestwireFileChecksum Sum(byte[] bytes) =>
        new() { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), SizeBytes = bytes.Length };
}
