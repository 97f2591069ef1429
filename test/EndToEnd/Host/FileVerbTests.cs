using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EndToEnd.Host;

/// <summary>The verbs on files, on agents that run on this machine: what they say and do is held against what this machine then has.</summary>
[Trait("Suite", "host")]
public sealed class FileVerbTests
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Both agents.</summary>
    public static TheoryData<string> Agents => HostedAgent.Both;

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Cat_prints_files_byte_for_byte(string name)
    {
        using HostedAgent agent = new(name);
        byte[] content = RandomNumberGenerator.GetBytes(3_000_001);
        await File.WriteAllBytesAsync(agent.Files.Combine("bytes"), content);
        await File.WriteAllTextAsync(agent.Files.Combine("empty"), "");
        await File.WriteAllTextAsync(agent.Files.Combine("end"), "the end");

        HostAnswer answer = await HostCommand.RunAsync("cat", agent.At("bytes"), agent.At("empty"), agent.At("end"));

        Assert.Equal((0, ""), (answer.Status, answer.Errors));
        Assert.Equal([.. content, .. "the end"u8], answer.Output);
    }

    [Fact]
    public async Task Cp_takes_from_several_guests_at_once_and_tells_which_of_them_failed()
    {
        using HostedAgent ours = new(HostedAgent.Ours);
        using HostedAgent reference = new(HostedAgent.Reference);
        byte[] content = RandomNumberGenerator.GetBytes(3_000_001);
        await File.WriteAllBytesAsync(ours.Files.Combine("one"), content);
        await File.WriteAllTextAsync(reference.Files.Combine("two"), "two");
        string here = Directory.CreateDirectory(ours.Files.Combine("here")).FullName;
        string gone = $"unix:{ours.Files.Combine("gone")}";

        HostAnswer all = await HostCommand.RunAsync("cp", ours.At("one"), reference.At("two"), here);
        HostAnswer some = await HostCommand.RunAsync("cp", "--json", reference.At("two"), $"{gone}:/three", here);

        Assert.Equal((0, "", "2 guests, all done\n"), (all.Status, all.Text, all.Errors));
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(here, "one")));
        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(here, "two")));
        Assert.Equal(5, some.Status);
        Assert.Equal(
            [(reference.Target, 0), (gone, 3)],
            some.Text.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)
                .Select(line => (line.GetProperty("guest").GetString()!, line.GetProperty("status").GetInt32())));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Cat_of_what_is_not_there_fails_and_prints_the_rest(string name)
    {
        using HostedAgent agent = new(name);
        await File.WriteAllTextAsync(agent.Files.Combine("there"), "there\n");

        HostAnswer answer = await HostCommand.RunAsync("cat", agent.At("gone"), agent.At("there"));

        Assert.Equal((1, "there\n"), (answer.Status, answer.Text));
        Assert.Contains("No such file or directory", answer.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Ls_lists_names_of_every_kind_in_the_order_of_their_bytes(string name)
    {
        using HostedAgent agent = new(name);
        string[] names = [" leading", "-n", "A", "a", "a b", "back\\slash", "quote'\"", "z\u00E4", "\U0001F4C1"];
        foreach (string entry in names)
        {
            await File.WriteAllTextAsync(agent.Files.Combine(entry), entry);
        }

        await File.WriteAllTextAsync(agent.Files.Combine(".hidden"), "");

        Assert.Equal(string.Join('\n', names.OrderBy(Encoding.UTF8.GetBytes, Comparer<byte[]>.Create(ByBytes))), await HostCommand.DoAsync("ls", agent.At()));
        Assert.StartsWith(" leading\n-n\n.hidden\n", await HostCommand.DoAsync("ls", "-a", agent.At()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Ls_in_long_form_says_what_ls_of_the_guest_says(string name)
    {
        using HostedAgent agent = new(name);
        string folder = agent.Files.Combine("folder");
        Directory.CreateDirectory(folder, (UnixFileMode)0x1ED);
        await File.WriteAllTextAsync(Path.Combine(folder, "file"), "12345");
        File.SetUnixFileMode(Path.Combine(folder, "file"), (UnixFileMode)0x9E4);
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "no where");
        Directory.CreateDirectory(Path.Combine(folder, "tmp"));
        File.SetUnixFileMode(Path.Combine(folder, "tmp"), (UnixFileMode)0x3FF);
        RunHere("mkfifo", Path.Combine(folder, "pipe"));

        string ours = await HostCommand.DoAsync("ls", "-l", $"{agent.Target}:{folder}");

        string theirs = RunHere("env", "LC_ALL=C", "TZ=UTC", "ls", "-l", "--time-style=+%Y-%m-%d %H:%M:%S", folder);
        Assert.Equal(WordsOf(theirs.Split('\n')[1..]), WordsOf(ours.Split('\n')));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Stat_says_what_this_machine_knows_and_the_checksum_is_that_of_the_content(string name)
    {
        using HostedAgent agent = new(name);
        string path = agent.Files.Combine("file");
        byte[] content = RandomNumberGenerator.GetBytes(100_003);
        await File.WriteAllBytesAsync(path, content);
        File.SetUnixFileMode(path, Readable);
        RunHere("touch", "-d", "2001-02-03 04:05:06.789012345", path);

        JsonElement stat = (await HostCommand.RunAsync("stat", "--checksum", "--json", agent.At("file"))).Json;

        JsonElement status = stat.GetProperty("status");
        string[] known = RunHere("stat", "-c", "%f %s %u %g %h %i %.9Y", path).Split(' ');
        string[] members = ["size-bytes", "user-id", "group-id", "links", "inode"];
        Assert.Equal(known[1..6], members.Select(member => status.GetProperty(member).GetRawText()));
        Assert.Equal(Convert.ToInt64(known[0], 16) & 0xFFF, status.GetProperty("mode").GetInt64());
        Assert.Equal(known[6].Replace(".", "", StringComparison.Ordinal), status.GetProperty("modified-ns").GetRawText());
        Assert.Equal("regular", status.GetProperty("type").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), stat.GetProperty("sha256").GetString());
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Directories_are_made_with_their_permissions_and_removed_with_all_that_is_in_them(string name)
    {
        using HostedAgent agent = new(name);
        await HostCommand.DoAsync("mkdir", "-p", "-m", "0710", agent.At("a", "b", "c d"));
        Assert.Equal((UnixFileMode)0x1C8, File.GetUnixFileMode(agent.Files.Combine("a", "b", "c d")));
        Assert.Equal(0, (await HostCommand.RunAsync("mkdir", "-p", agent.At("a", "b", "c d"))).Status);
        Assert.Equal(1, (await HostCommand.RunAsync("mkdir", agent.At("a", "b"))).Status);

        // What a link leads to stays.
        Directory.CreateDirectory(agent.Files.Combine("other"));
        await File.WriteAllTextAsync(agent.Files.Combine("other", "kept"), "kept");
        File.CreateSymbolicLink(agent.Files.Combine("a", "link"), agent.Files.Combine("other"));
        Assert.Equal(1, (await HostCommand.RunAsync("rm", agent.At("a"))).Status);
        Assert.True(Directory.Exists(agent.Files.Combine("a", "b")));

        await HostCommand.DoAsync("rm", "-r", agent.At("a"));

        Assert.False(Directory.Exists(agent.Files.Combine("a")));
        Assert.Equal("kept", await File.ReadAllTextAsync(agent.Files.Combine("other", "kept")));
        Assert.Equal(1, (await HostCommand.RunAsync("rm", agent.At("a"))).Status);
        Assert.Equal(0, (await HostCommand.RunAsync("rm", "-f", agent.At("a"))).Status);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Files_move_to_new_names_and_into_directories(string name)
    {
        using HostedAgent agent = new(name);
        await File.WriteAllTextAsync(agent.Files.Combine("one"), "1");
        await File.WriteAllTextAsync(agent.Files.Combine("two"), "2");
        Directory.CreateDirectory(agent.Files.Combine("folder"));

        Assert.Equal(1, (await HostCommand.RunAsync("mv", "-n", agent.At("one"), agent.At("two"))).Status);
        Assert.Equal("2", await File.ReadAllTextAsync(agent.Files.Combine("two")));
        await HostCommand.DoAsync("mv", agent.At("one"), agent.Files.Combine("two"));
        await File.WriteAllTextAsync(agent.Files.Combine("three"), "3");
        await HostCommand.DoAsync("mv", agent.At("two"), agent.At("three"), agent.At("folder"));

        Assert.Equal(["three", "two"], Directory.GetFiles(agent.Files.Combine("folder")).Select(Path.GetFileName).Order());
        Assert.Equal("1", await File.ReadAllTextAsync(agent.Files.Combine("folder", "two")));
        Assert.False(File.Exists(agent.Files.Combine("one")));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Permissions_change_as_chmod_changes_them(string name)
    {
        using HostedAgent agent = new(name);
        Directory.CreateDirectory(agent.Files.Combine("tree", "folder"));
        await File.WriteAllTextAsync(agent.Files.Combine("tree", "folder", "file"), "");
        string file = agent.Files.Combine("tree", "folder", "file");
        foreach (string mode in (string[])["0640", "u+x,go-w", "a=r", "u+s,o+t", "o=", "ug+rwX", "4755"])
        {
            RunHere("chmod", "0604", file);
            RunHere("chmod", mode, file);
            UnixFileMode expected = File.GetUnixFileMode(file);
            RunHere("chmod", "0604", file);

            await HostCommand.DoAsync("chmod", mode, agent.At("tree", "folder", "file"));

            Assert.Equal((mode, expected), (mode, File.GetUnixFileMode(file)));
        }

        await HostCommand.DoAsync("chmod", "-R", "u=rwX,go=", agent.At("tree"));
        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(agent.Files.Combine("tree", "folder")));
        Assert.Equal(2, (await HostCommand.RunAsync("chmod", "rwx", agent.At("tree"))).Status);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Edit_writes_back_what_the_editor_made_of_a_file_and_keeps_its_permissions(string name)
    {
        using HostedAgent agent = new(name);
        string path = agent.Files.Combine("file with space");
        await File.WriteAllTextAsync(path, "old\n");
        File.SetUnixFileMode(path, (UnixFileMode)0x1A0);
        File.CreateSymbolicLink(agent.Files.Combine("link"), "file with space");

        await EditAsync(agent.At("link"), "sed -i s/old/new/");

        Assert.Equal("new\n", await File.ReadAllTextAsync(path));
        Assert.Equal((UnixFileMode)0x1A0, File.GetUnixFileMode(path));
        Assert.Equal("file with space", new FileInfo(agent.Files.Combine("link")).LinkTarget);
        Assert.Equal(["file with space", "link"], Directory.GetFileSystemEntries(agent.Files.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Edit_leaves_a_file_alone_that_changed_meanwhile(string name)
    {
        using HostedAgent agent = new(name);
        string path = agent.Files.Combine("file");
        await File.WriteAllTextAsync(path, "old\n");

        HostAnswer answer = await EditAsync(agent.At("file"), $"sh -c 'echo other > {path}; echo mine > $1' sh");

        Assert.Equal(1, answer.Status);
        Assert.Equal("other\n", await File.ReadAllTextAsync(path));
        string copy = answer.Errors.Split('\n').Single(line => line.Contains("the copy on this host stays: ", StringComparison.Ordinal)).Split(": ")[^1];
        Assert.Equal("mine\n", await File.ReadAllTextAsync(copy));
        Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
    }

    private static async Task<HostAnswer> EditAsync(string path, string editor)
    {
        ProcessStartInfo start = new(HostCommand.Program, ["edit", path])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["VISUAL"] = editor, ["GUESTWIRE_CONFIG"] = "/nonexistent/guestwire" },
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource deadline = new(HostCommand.Patience);
        string errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return new HostAnswer(process.ExitCode, [], errors);
    }

    private static string RunHere(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.TrimEnd('\n');
    }

    private static string[][] WordsOf(string[] lines) => [.. lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static int ByBytes(byte[]? left, byte[]? right) => left.AsSpan().SequenceCompareTo(right);
}
