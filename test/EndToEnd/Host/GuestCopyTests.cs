using System.Diagnostics;
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
    private string MakeTree()
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
            for i in $(seq 60); do echo $i > "a b/-c/$i"; done
            touch -d '1999-01-02 03:04:05.123456700' large nothing
            touch -h -d '2001-01-02 03:04:05.123456700' dangling
            touch -d '2011-01-02 03:04:05.987654300' 'a b' 'a b/-c'
            chmod 1777 empty
            chmod 555 ro
            """;
        string path = _folder.Combine("source");
        Run(["-c", script, "bash", path]);
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
}
