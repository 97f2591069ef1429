using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using EndToEnd.Sandbox;
using Guestwire.Client;

namespace EndToEnd.Host;

/// <summary>Copies both ways with any agent, compared byte by byte, mode by mode, time by time.</summary>
[Trait("Suite", "host")]
public sealed class GuestCopyTests : IDisposable
{
    private const int MiB = 1024 * 1024;
    private static readonly GuestCopyOptions s_recursive = new() { Recursive = true };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<AgentKind, bool> Ways { get; } = new()
    {
        { AgentKind.Ours, true },
        { AgentKind.Ours, false },
        { AgentKind.Reference, true },
        { AgentKind.Reference, false },
        { AgentKind.ReferenceWithBusybox, true },
        { AgentKind.ReferenceWithBusybox, false },
    };

    /// <summary>From which agent to which.</summary>
    public static TheoryData<AgentKind, AgentKind> Pairs { get; } = new()
    {
        { AgentKind.Ours, AgentKind.Ours },
        { AgentKind.Ours, AgentKind.Reference },
        { AgentKind.Reference, AgentKind.Ours },
        { AgentKind.Reference, AgentKind.Reference },
        { AgentKind.Reference, AgentKind.ReferenceWithBusybox },
        { AgentKind.ReferenceWithBusybox, AgentKind.Ours },
    };

    public static TheoryData<AgentKind> Agents { get; } = [AgentKind.Ours, AgentKind.Reference, AgentKind.ReferenceWithBusybox];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_tree_arrives_as_it_was(AgentKind kind, bool isUpload)
    {
        await using HostedClient agent = await HostedClient.StartAsync(kind);
        string source = MakeTree();

        GuestCopyResult result = await CopyAsync(agent, isUpload, s_recursive, source, _folder.Combine("target"));

        Assert.Empty(result.Errors);
        Assert.Equal([source + "/fifo"], result.Skipped.Select(remark => remark.Path));
        Assert.Equal(Describe(source, kind), Describe(_folder.Combine("target"), kind));

        // Once more, into what is there.
        result = await CopyAsync(agent, isUpload, s_recursive with { Verifies = true }, source + "/.", _folder.Combine("target"));
        Assert.Empty(result.Errors);
        Assert.Equal(Describe(source, kind), Describe(_folder.Combine("target"), kind));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_copy_goes_where_cp_would_put_it(AgentKind kind, bool isUpload)
    {
        await using HostedClient agent = await HostedClient.StartAsync(kind);
        string source = _folder.Combine("source");
        File.WriteAllText(source, "content");
        string folder = Directory.CreateDirectory(_folder.Combine("folder")).FullName;
        GuestCopyOptions plain = new();

        await CopyAsync(agent, isUpload, plain, source, folder);
        await CopyAsync(agent, isUpload, plain, source, folder + "/named");

        Assert.Equal("content", File.ReadAllText(folder + "/source"));
        Assert.Equal("content", File.ReadAllText(folder + "/named"));
        await Assert.ThrowsAsync<IOException>(() => CopyAsync(agent, isUpload, plain, source, folder + "/none/"));
        await Assert.ThrowsAsync<IOException>(() => CopyAsync(agent, isUpload, plain, source, folder + "/none/name"));
        await Assert.ThrowsAsync<IOException>(() => CopyAsync(agent, isUpload, plain, folder, _folder.Combine("other")));
        await Assert.ThrowsAsync<FileNotFoundException>(() => CopyAsync(agent, isUpload, plain, source + "x", folder));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder).Length);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task One_error_leaves_the_rest_alone(AgentKind kind, bool isUpload)
    {
        await using HostedClient agent = await HostedClient.StartAsync(kind);
        string source = MakeTree();
        string target = Directory.CreateDirectory(_folder.Combine("target")).FullName;
        Directory.CreateDirectory(target + "/source/large");

        GuestCopyResult result = await CopyAsync(agent, isUpload, s_recursive, source, target);

        Assert.Equal([source + "/large"], result.Errors.Select(error => error.Path));
        Assert.Equal("small", File.ReadAllText(target + "/source/a b/-c/small"));
        Assert.Empty(Leftovers());
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task From_guest_to_guest_a_tree_arrives_as_it_was(AgentKind one, AgentKind other)
    {
        await using HostedClient from = await HostedClient.StartAsync(one);
        await using HostedClient to = await HostedClient.StartAsync(other);
        string source = MakeTree(files: 3);
        AgentKind coarser = one > other ? one : other;

        GuestCopyResult result = await new GuestCopy(s_recursive).BetweenGuestsAsync(from.Client, source, to.Client, _folder.Combine("target"));

        Assert.Empty(result.Errors);
        Assert.Equal([source + "/fifo"], result.Skipped.Select(remark => remark.Path));
        Assert.Equal(Describe(source, coarser), Describe(_folder.Combine("target"), coarser));
        Assert.Empty(Leftovers());
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task From_guest_to_guest_a_file_arrives_and_an_error_leaves_the_rest_alone(AgentKind one, AgentKind other)
    {
        await using HostedClient from = await HostedClient.StartAsync(one);
        await using HostedClient to = await HostedClient.StartAsync(other);
        string source = MakeTree(files: 3);
        string target = Directory.CreateDirectory(_folder.Combine("target")).FullName;
        Directory.CreateDirectory(target + "/source/large");
        GuestCopy plain = new(new GuestCopyOptions { Verifies = true });

        GuestCopyResult file = await plain.BetweenGuestsAsync(from.Client, source + "/large", to.Client, target + "/copy");
        GuestCopyResult tree = await new GuestCopy(s_recursive).BetweenGuestsAsync(from.Client, source, to.Client, target);

        Assert.Equal((1, 3_000_000, true), (file.Files, file.Bytes, file.IsComplete));
        Assert.Equal(File.ReadAllBytes(source + "/large"), File.ReadAllBytes(target + "/copy"));
        Assert.Equal([source + "/large"], tree.Errors.Select(error => error.Path));
        Assert.Equal("small", File.ReadAllText(target + "/source/a b/-c/small"));
        Assert.Empty(Leftovers());
        await Assert.ThrowsAsync<FileNotFoundException>(() => plain.BetweenGuestsAsync(from.Client, source + "x", to.Client, target));
        await Assert.ThrowsAsync<IOException>(() => plain.BetweenGuestsAsync(from.Client, source, to.Client, target));
        await Assert.ThrowsAsync<IOException>(() => plain.BetweenGuestsAsync(from.Client, source + "/large", to.Client, target + "/none/"));
    }

    [Fact]
    public async Task Within_one_guest_a_tree_is_copied_too()
    {
        await using HostedClient agent = await HostedClient.StartAsync(AgentKind.Ours);
        string source = MakeTree();

        GuestCopyResult result = await new GuestCopy(s_recursive).BetweenGuestsAsync(agent.Client, source, agent.Client, _folder.Combine("target"));

        Assert.Empty(result.Errors);
        Assert.Equal(Describe(source, AgentKind.Ours), Describe(_folder.Combine("target"), AgentKind.Ours));
    }

    /// <summary>Whoever can open a file while it is empty reads what is written later.</summary>
    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Nobody_else_can_open_a_secret_at_any_time_of_its_copy(AgentKind kind)
    {
        await using HostedClient agent = await HostedClient.StartAsync(kind);
        string source = Directory.CreateDirectory(_folder.Combine("source")).FullName;
        for (int i = 0; i < 100; i++)
        {
            WriteSecret($"{source}/small{i}", 100);
        }

        WriteSecret(source + "/large1", 3 * MiB);
        WriteSecret(source + "/large2", 3 * MiB);
        string target = Directory.CreateDirectory(_folder.Combine("target"), (UnixFileMode)0x1ED).FullName;
        GuestCopyOptions[] ways = [s_recursive, s_recursive with { Resumes = true }, s_recursive with { Verifies = true }];
        using Onlooker onlooker = new(target);

        for (int i = 0; i < ways.Length; i++)
        {
            // Into what is there, and into what the copy makes.
            Assert.Empty((await CopyAsync(agent, isUpload: true, ways[i], source + "/.", target)).Errors);
            Assert.Empty((await CopyAsync(agent, isUpload: true, ways[i], source, $"{target}/new{i}")).Errors);
        }

        Assert.Empty(onlooker.End());
        Assert.True(onlooker.Files > 0, "the onlooker has seen no file at all");
        Assert.Equal(4 * 102, Directory.GetFiles(target, "*", SearchOption.AllDirectories).Length);
        Assert.Empty(Leftovers());

        static void WriteSecret(string path, int size)
        {
            File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(size));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_that_is_cancelled_leaves_nothing_and_one_that_resumes_leaves_a_part(bool isUpload)
    {
        await using HostedClient agent = await HostedClient.StartAsync(AgentKind.Ours);
        string source = _folder.Combine("source");
        string target = _folder.Combine("target");
        byte[] content = RandomNumberGenerator.GetBytes(256 * MiB);
        File.WriteAllBytes(source, content);
        int open = await OpenFilesAsync(agent);

        await CancelAsync(resumes: false);
        Assert.Empty(Leftovers());

        await CancelAsync(resumes: true);
        long part = new FileInfo(Assert.Single(Leftovers())).Length;
        GuestCopyResult result = await CopyAsync(agent, isUpload, new GuestCopyOptions { Resumes = true, Verifies = true }, source, target);
        Assert.Equal(part, result.ResumedBytes);
        Assert.Equal(content, File.ReadAllBytes(target));

        // A part that is damaged is none.
        await CancelAsync(resumes: true);
        using (FileStream damage = new(Assert.Single(Leftovers()), FileMode.Open))
        {
            damage.WriteByte((byte)~content[0]);
        }

        result = await CopyAsync(agent, isUpload, new GuestCopyOptions { Resumes = true }, source, target);
        Assert.Equal(0, result.ResumedBytes);
        Assert.Equal(content, File.ReadAllBytes(target));

        // Nor is one that somebody else put there, who would read the rest.
        await CancelAsync(resumes: true);
        Run(["-c", """chown 4711 "$1" """, "bash", Assert.Single(Leftovers())]);
        result = await CopyAsync(agent, isUpload, new GuestCopyOptions { Resumes = true }, source, target);
        Assert.Equal(0, result.ResumedBytes);
        Assert.Equal(content, File.ReadAllBytes(target));
        Assert.Equal("0", Run(["-c", """stat --format %u "$1" """, "bash", target]).Trim());
        Assert.Empty(Leftovers());
        Assert.Equal(open, await OpenFilesAsync(agent));

        async Task CancelAsync(bool resumes)
        {
            using CancellationTokenSource cancellation = new();
            GuestCopyOptions options = new() { Resumes = resumes, Progress = new Stopper(cancellation) };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CopyAsync(agent, isUpload, options, source, target, cancellation.Token));
        }
    }

    private static Task<GuestCopyResult> CopyAsync(
        HostedClient agent, bool isUpload, GuestCopyOptions options, string source, string target, CancellationToken cancellation = default) =>
        isUpload
            ? new GuestCopy(options).ToGuestAsync(source, agent.Client, target, cancellation)
            : new GuestCopy(options).ToHostAsync(agent.Client, source, target, cancellation);

    private static async Task<int> OpenFilesAsync(HostedClient agent)
    {
        await agent.Client.GuestPingAsync();
        return agent.OpenFiles;
    }

    private string[] Leftovers() => Directory.GetFileSystemEntries(
        _folder.Path, ".guestwire-*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None });

    /// <summary>A tree with all that a tree may have.</summary>
    private string MakeTree(int files = 60)
    {
        string script =
            """
            set -e
            mkdir -p "$1/a b/-c" "$1/empty" "$1/ro" "$1/new
            line"
            cd "$1"
            printf small > 'a b/-c/small'
            printf 'x\r\ny\n' > 'a b/crlf \ "q" é'
            printf secret > 'a b/secret'
            chmod 600 'a b/secret'
            : > nothing
            head -c 3000000 /dev/urandom > large
            truncate -s 10M holes
            printf abc | dd of=holes bs=1 seek=5000000 conv=notrunc status=none
            printf x > smallholes
            truncate -s 100000 smallholes
            ln -s '../no where
            ' dangling
            ln -s 'a b' tofolder
            printf ro > ro/file
            mkfifo fifo
            for i in $(seq "$2"); do echo $i > "a b/-c/$i"; done
            touch -d '1999-01-02 03:04:05.123456700' large nothing
            touch -h -d '2001-01-02 03:04:05.123456700' dangling
            touch -d '2011-01-02 03:04:05.987654300' 'a b' 'a b/-c'
            chmod 1777 empty
            chmod 555 ro
            """;
        string path = _folder.Combine("source");
        Run(["-c", script, "bash", path, files.ToString(CultureInfo.InvariantCulture)]);
        return path;
    }

    /// <summary>All of a tree: names, kinds, modes, times, targets, whether there are holes, and content.</summary>
    /// <remarks>Busybox's touch and tar have whole seconds, and tar archives tenths of microseconds at the best.</remarks>
    private static string[] Describe(string path, AgentKind kind)
    {
        string output = Run(["-c", """cd "$1"; find . ! -type p -printf '%P\0%y\0%m\0%l\0%s\0%T@\0%b\0'""", "bash", path]);
        return [.. output.Split('\0').SkipLast(1).Chunk(7).Select(Line).Order(StringComparer.Ordinal)];

        string Line(string[] fields)
        {
            string time = kind switch
            {
                AgentKind.Ours => fields[5],
                AgentKind.Reference => fields[5][..^3],
                _ => fields[5][..fields[5].IndexOf('.', StringComparison.Ordinal)],
            };
            string content = fields[1] == "f"
                ? $"{fields[4]} {fields[6]} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(path, fields[0]))))}"
                : "";
            return $"{fields[0]}|{fields[1]}|{fields[2]}|{fields[3]}|{time}|{content}";
        }
    }

    private static string Run(string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/bash", arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    /// <summary>Cancels when something has been copied.</summary>
    private sealed class Stopper(CancellationTokenSource cancellation) : IProgress<GuestCopyProgress>
    {
        public void Report(GuestCopyProgress value)
        {
            if (value.BytesDone > 0)
            {
                cancellation.Cancel();
            }
        }
    }

    /// <summary>Looks at a tree again and again, as another user could, for files that such a one could open.</summary>
    private sealed class Onlooker : IDisposable
    {
        private const UnixFileMode Foreign = (UnixFileMode)0x3F;

        private readonly string _folder;
        private readonly SortedSet<string> _open = new(StringComparer.Ordinal);
        private readonly Thread _thread;
        private volatile bool _isOver;

        internal Onlooker(string folder)
        {
            _folder = folder;
            _thread = new Thread(() =>
            {
                while (!_isOver)
                {
                    Look(_folder);
                }
            });
            _thread.Start();
        }

        /// <summary>How often it has seen a file.</summary>
        internal int Files { get; private set; }

        public void Dispose() => End();

        /// <summary>What could be opened.</summary>
        internal IReadOnlyCollection<string> End()
        {
            _isOver = true;
            _thread.Join();
            return _open;
        }

        private void Look(string folder)
        {
            try
            {
                foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
                {
                    bool isForeign = (entry.UnixFileMode & Foreign) != 0;
                    if (entry is DirectoryInfo)
                    {
                        if (isForeign)
                        {
                            Look(entry.FullName);
                        }

                        continue;
                    }

                    Files++;

                    // Not what was removed between the look at its name and the one at its mode.
                    if (isForeign && (int)entry.UnixFileMode != -1)
                    {
                        _open.Add($"{entry.FullName} {entry.UnixFileMode}");
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It went meanwhile.
            }
        }
    }
}
