using System.Diagnostics;
using Guestwire.Client;

namespace Guestwire.Bench.Groups;

/// <summary>
/// Files between a host and a guest, as Guestwire.Client copies them with either agent, and as a script does (bench/copy.sh), which gets less to do: it
/// would take minutes. That what arrives is what was sent is checked outside the time.
/// </summary>
internal sealed class CopyGroup : IGroup
{
    private const int KiB = 1 << 10;
    private const int MiB = 1 << 20;
    private const int LargeMiB = 1024;
    private const int SmallFiles = 1000;
    private const int ScriptMiB = 4;
    private const int ScriptFiles = 50;
    private const string Script = "bench/copy.sh";

    private static readonly Row LargeIn = new("1 GiB into the guest", "MB/s", 0);
    private static readonly Row LargeOut = new("1 GiB out of it", "MB/s", 0);
    private static readonly Row SmallIn = new("1000 files of 4 KiB into the guest", "files/s", 0);
    private static readonly Row SmallOut = new("1000 files of 4 KiB out of it", "files/s", 0);
    private static readonly Row ScriptLargeIn = new("4 MiB into the guest, by a script", "MB/s", 1);
    private static readonly Row ScriptLargeOut = new("4 MiB out of it, by a script", "MB/s", 1);
    private static readonly Row ScriptSmallIn = new("50 files of 4 KiB into the guest, by a script", "files/s", 0);
    private static readonly Row ScriptSmallOut = new("50 files of 4 KiB out of it, by a script", "files/s", 0);
    private static readonly Row LargeInRatio = new("large file in, times the script", "x", 1);
    private static readonly Row LargeOutRatio = new("large file out, times the script", "x", 1);
    private static readonly Row SmallInRatio = new("small files in, times the script", "x", 1);
    private static readonly Row SmallOutRatio = new("small files out, times the script", "x", 1);

    /// <inheritdoc/>
    public string Name => "copy";

    /// <inheritdoc/>
    public IReadOnlyList<Row> Rows =>
    [
        LargeIn, ScriptLargeIn, LargeInRatio, LargeOut, ScriptLargeOut, LargeOutRatio, SmallIn, ScriptSmallIn, SmallInRatio, SmallOut, ScriptSmallOut,
        SmallOutRatio,
    ];

    /// <inheritdoc/>
    public void Measure(Turn turn)
    {
        if (!turn.Target.IsAgent)
        {
            return;
        }

        turn.Results.Note($"Copies lie in {turn.Data.Description}.");
        using Server server = turn.Start();

        // The reference serves one host at a time.
        server.Connection.Dispose();
        string folder = Directory.CreateDirectory(Path.Combine(turn.Data.Folder, "copy")).FullName;
        try
        {
            string large = PutLarge(turn, folder);
            string small = PutSmall(turn, folder, "small", SmallFiles);
            string scriptLarge = Path.Combine(folder, "script-large");
            File.WriteAllBytes(scriptLarge, turn.Data.Bytes[..(ScriptMiB * MiB)]);
            string scriptSmall = PutSmall(turn, folder, "script-small", ScriptFiles);

            Compare(turn, server, large, scriptLarge, isIn: true, LargeMiB * (MiB / 1e6), ScriptMiB * (MiB / 1e6), LargeIn, ScriptLargeIn, LargeInRatio);
            Compare(turn, server, large, scriptLarge, isIn: false, LargeMiB * (MiB / 1e6), ScriptMiB * (MiB / 1e6), LargeOut, ScriptLargeOut, LargeOutRatio);
            Compare(turn, server, small, scriptSmall, isIn: true, SmallFiles, ScriptFiles, SmallIn, ScriptSmallIn, SmallInRatio);
            Compare(turn, server, small, scriptSmall, isIn: false, SmallFiles, ScriptFiles, SmallOut, ScriptSmallOut, SmallOutRatio);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(
        Turn turn, Server server, string source, string scriptSource, bool isIn, double amount, double scriptAmount, Row row, Row scriptRow, Row ratio)
    {
        double rate = amount / Time(source, target => CopyAsync(server.SocketPath, source, target, isIn).GetAwaiter().GetResult()).TotalSeconds;
        double scriptRate = scriptAmount / Time(scriptSource, target => RunScript(server.SocketPath, scriptSource, target, isIn)).TotalSeconds;
        turn.Add(row, rate);
        turn.Add(scriptRow, scriptRate);
        turn.Add(ratio, rate / scriptRate);
    }

    private static TimeSpan Time(string source, Action<string> copy)
    {
        Interruption.ThrowIfAsked();
        string target = source + ".copy";
        long started = Stopwatch.GetTimestamp();
        copy(target);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        Check(source, target);
        return elapsed;
    }

    /// <summary>Connecting is part of it.</summary>
    private static async Task CopyAsync(string socket, string source, string target, bool isIn)
    {
        GuestClient client = new(new UnixTransport(socket));
        await using (client.ConfigureAwait(false))
        {
            GuestCopy copy = new(new GuestCopyOptions { Recursive = true });
            GuestCopyResult result = await (isIn ? copy.ToGuestAsync(source, client, target) : copy.ToHostAsync(client, source, target)).ConfigureAwait(false);
            if (!result.IsComplete)
            {
                throw new BenchException($"the copy failed: {result.Errors[0].Path}: {result.Errors[0].Exception.Message}");
            }
        }
    }

    private static void RunScript(string socket, string source, string target, bool isIn)
    {
        using Process process = Process.Start(Script, [socket, isIn ? "in" : "out", source, target]);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new BenchException($"{Script} failed");
        }
    }

    private static void Check(string source, string target)
    {
        bool isFolder = Directory.Exists(source);
        string[] files = isFolder ? [.. Directory.GetFiles(source).Select(file => Path.GetFileName(file))] : [""];
        foreach (string file in files)
        {
            using FileStream sent = File.OpenRead(Path.Join(source, file));
            using FileStream arrived = File.OpenRead(Path.Join(target, file));
            byte[] one = new byte[Math.Min(sent.Length, MiB)];
            byte[] other = new byte[one.Length];
            bool isSame = sent.Length == arrived.Length;
            while (isSame && sent.Position < sent.Length)
            {
                int count = sent.ReadAtLeast(one, one.Length, throwOnEndOfStream: false);
                isSame = arrived.ReadAtLeast(other, count, throwOnEndOfStream: false) == count && one.AsSpan(0, count).SequenceEqual(other.AsSpan(0, count));
            }

            if (!isSame)
            {
                throw new BenchException($"{Path.Join(target, file)} is not what was sent");
            }
        }

        if (isFolder)
        {
            Directory.Delete(target, recursive: true);
        }
        else
        {
            File.Delete(target);
        }
    }

    private static string PutLarge(Turn turn, string folder)
    {
        string path = Path.Combine(folder, "large");
        using FileStream file = File.Create(path);
        for (long done = 0; done < (long)LargeMiB * MiB; done += turn.Data.Bytes.Length)
        {
            file.Write(turn.Data.Bytes);
        }

        return path;
    }

    private static string PutSmall(Turn turn, string folder, string name, int count)
    {
        string path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        for (int i = 0; i < count; i++)
        {
            File.WriteAllBytes(Path.Combine(path, $"file-{i}"), turn.Data.Bytes.Slice(i * 4 * KiB, 4 * KiB));
        }

        return path;
    }
}
