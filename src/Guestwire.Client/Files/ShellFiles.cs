using System.Globalization;
using Guestwire.Protocol;

namespace Guestwire.Client.Files;

/// <summary>Files of a guest whose agent does not know them, through the guest's own programs: one script for each call.</summary>
internal sealed class ShellFiles(GuestClient client) : GuestFiles
{
    /// <summary>Files whose attributes one script changes. Their names fit a command line: each has 4 KiB at most, and the least limit is 128 KiB for all.</summary>
    private const int ManyAtOnce = 200;

    /// <summary>Characters of arguments for one script, of the 128 KiB that the oldest systems take.</summary>
    private const int MaxArguments = 64 * 1024;

    private const int DefaultDirectoryMode = 0x1ED;

    /// <summary>How often a list is made when files come or go meanwhile.</summary>
    private const int MaxTries = 3;

    private static readonly string[] s_inFolder = ["-mindepth", "1", "-maxdepth", "1"];
    private static readonly string[] s_inTree = ["-mindepth", "1"];

    private readonly GuestShell _shell = new(client);

    /// <summary>The shell that does it all.</summary>
    internal GuestShell Shell => _shell;

    /// <inheritdoc/>
    public override async Task<GuestwireFileStatus?> StatAsync(string path, bool follow, CancellationToken cancellation)
    {
        GuestProgramResult result = await _shell.TryRunAsync(ShellScripts.Stat, [follow ? "-L" : "-P", path], cancellation).ConfigureAwait(false);
        return result.Exit.Status == 0 ? ShellListing.ReadStatus(result.Output)
            : result.ErrorText.TrimEnd().EndsWith(AgentFiles.NoSuchFile, StringComparison.Ordinal) ? null
            : throw GuestShell.Failure(result);
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<GuestwireDirectoryEntry>> ListAsync(string path, CancellationToken cancellation) =>
        (await ListFolderAsync(path, cancellation).ConfigureAwait(false)).InOrder();

    /// <inheritdoc/>
    public override Task MakeDirectoryAsync(string path, int? mode, bool parents, CancellationToken cancellation) =>
        _shell.RunAsync(ShellScripts.MakeDirectory, [path, Octal(mode ?? DefaultDirectoryMode), parents ? "-p" : ""], cancellation);

    /// <inheritdoc/>
    public override Task RemoveAsync(string path, bool recursive, CancellationToken cancellation) =>
        _shell.RunAsync(recursive ? ShellScripts.RemoveTree : ShellScripts.Remove, [path], cancellation);

    /// <inheritdoc/>
    public override Task RenameAsync(string path, string to, bool replace, CancellationToken cancellation) =>
        _shell.RunAsync(ShellScripts.Rename, [path, to, replace ? "yes" : "no"], cancellation);

    /// <inheritdoc/>
    public override Task SetAttributesAsync(string path, GuestFileAttributes attributes, CancellationToken cancellation) =>
        SetManyAttributesAsync([(path, attributes)], cancellation);

    /// <inheritdoc/>
    public override Task LinkAsync(string path, string target, bool symbolic, CancellationToken cancellation) =>
        _shell.RunAsync(ShellScripts.Link, [path, target, symbolic ? "-s" : ""], cancellation);

    /// <inheritdoc/>
    public override async Task<GuestwireFileChecksum> ChecksumAsync(string path, long offset, long? count, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count ?? 0, nameof(count));
        GuestProgramResult result = await _shell.RunAsync(
            ShellScripts.Checksum, [path, Text(offset), count is { } limit ? Text(limit) : ""], cancellation).ConfigureAwait(false);
        string[] words = result.OutputText.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries);
        return words is [string size, { Length: 64 } sum, ..] && long.TryParse(size, CultureInfo.InvariantCulture, out long sizeBytes)
            ? new GuestwireFileChecksum { Sha256 = sum, SizeBytes = sizeBytes }
            : throw new IOException($"the guest's programs gave no checksum of {path}: {result.ErrorText.Trim()}");
    }

    /// <inheritdoc/>
    internal override Task<FolderListing> ListFolderAsync(string path, CancellationToken cancellation) =>
        ListAsync(path, s_inFolder, isTolerant: false, cancellation)!;

    /// <summary>All that a directory holds, and the directories in it.</summary>
    /// <returns>Entries with paths relative to it; null when they cannot be listed at once.</returns>
    internal Task<FolderListing?> ListTreeAsync(string path, CancellationToken cancellation) => ListAsync(path, s_inTree, isTolerant: true, cancellation);

    /// <inheritdoc/>
    internal override async Task SetManyAttributesAsync(
        IReadOnlyList<(string Path, GuestFileAttributes Attributes)> changes, CancellationToken cancellation)
    {
        List<string> arguments = [];
        int length = 0;
        QapiException? failure = null;
        foreach ((string path, GuestFileAttributes attributes) in changes)
        {
            arguments.AddRange(ArgumentsOf(path, attributes));
            length += path.Length;
            if (arguments.Count >= 7 * ManyAtOnce || length > MaxArguments)
            {
                await RunAsync().ConfigureAwait(false);
            }
        }

        await RunAsync().ConfigureAwait(false);
        if (failure is not null)
        {
            throw failure;
        }

        async Task RunAsync()
        {
            if (arguments.Count > 0)
            {
                GuestProgramResult result = await _shell.TryRunAsync(ShellScripts.SetAttributes, arguments, cancellation).ConfigureAwait(false);
                failure ??= result.Exit.Status == 0 ? null : GuestShell.Failure(result);
            }

            arguments.Clear();
            length = 0;
        }
    }

    /// <inheritdoc/>
    internal override Task PlaceAsync(string path, string to, GuestFileAttributes attributes, CancellationToken cancellation) =>
        _shell.RunAsync(ShellScripts.Place, [.. ArgumentsOf(path, attributes), to], cancellation);

    /// <inheritdoc/>
    internal override async Task<long> OpenPrivateAsync(string path, CancellationToken cancellation)
    {
        // An agent of QEMU makes a file for everybody, to read and to write; one that is there keeps what it has.
        await _shell.RunAsync(ShellScripts.MakePrivate, [path], cancellation).ConfigureAwait(false);
        return await client.GuestFileOpenAsync(path, "w", cancellation: cancellation).ConfigureAwait(false);
    }

    private static IEnumerable<string> ArgumentsOf(string path, GuestFileAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentOutOfRangeException.ThrowIfNegative(attributes.SizeBytes ?? 0, nameof(attributes));
        return
        [
            path,
            attributes.Follow ? "" : "-h",
            attributes.Group is null ? attributes.User ?? "" : $"{attributes.User}:{attributes.Group}",
            attributes.SizeBytes is { } size ? Text(size) : "",
            attributes.Mode is { } mode ? Octal(mode) : "",
            attributes.ModifiedNs is { } modified ? Seconds(modified) : "",
            attributes.AccessedNs is { } accessed ? Seconds(accessed) : "",
        ];
    }

    private async Task<FolderListing?> ListAsync(string path, string[] depths, bool isTolerant, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            GuestProgramResult result = await _shell.TryRunAsync(
                ShellScripts.List, [path, ShellScripts.DescribeFiles, .. depths], cancellation).ConfigureAwait(false);
            bool isWhole = result.Exit is { Status: 0, IsTruncated: false };
            if (isTolerant && !isWhole)
            {
                return null;
            }

            if (result.Exit.IsTruncated)
            {
                throw new IOException($"there are more files in {path} than this agent can tell of");
            }

            // A file that went meanwhile is an error of find, or of stat; who tries again does not meet it.
            try
            {
                return isWhole ? ShellListing.ReadList(path, result.Output) : throw GuestShell.Failure(result);
            }
            catch (Exception exception) when (tries < MaxTries && exception is IOException)
            {
                continue;
            }
        }
    }

    /// <summary>Permissions in the digits of chmod(1). All four: busybox and GNU keep the special bits of a directory with fewer.</summary>
    private static string Octal(int mode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mode, FileModes.Permissions);
        return Convert.ToString(mode, 8).PadLeft(5, '0');
    }

    /// <summary>Seconds with nine decimals, as touch(1) takes them after "@".</summary>
    private static string Seconds(long nanoseconds) => ((decimal)nanoseconds / 1_000_000_000).ToString("0.000000000", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
