using System.Buffers.Text;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>Processes from <c>/proc/PID/stat</c>, <c>status</c> (the line <c>Uid:</c>, its second number) and <c>cmdline</c> (arguments with a zero behind each).</summary>
/// <param name="procfs">Where procfs is mounted.</param>
[SupportedOSPlatform("linux")]
internal sealed class ProcessFacts(string procfs = "/proc") : IProcessFacts
{
    /// <summary>Bytes of a command line that are told; the contract's limit.</summary>
    private const int MaxCommandBytes = 4096;

    /// <summary>About as long as a reply may get, in bytes. Our own limit.</summary>
    private const int MaxReplyBytes = 2 * 1024 * 1024;

    /// <summary>What a reply says of a process besides its command line, in bytes, at most.</summary>
    private const int BytesPerProcess = 512;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly long _nanosecondsPerTick = NanosecondsPerSecond / Math.Max(1, Libc.SysConf(Libc.SC_CLK_TCK));

    /// <inheritdoc/>
    public GuestwireProcessList List(long after, int limit)
    {
        using PseudoDirectory directory = PseudoDirectory.TryOpen(procfs, out int errno)
            ?? throw Errno.ToQapi($"failed to list '{procfs}'", errno);
        List<int> numbers = [];
        while (directory.TryReadName(out ReadOnlySpan<byte> name))
        {
            if (Utf8Parser.TryParse(name, out int number, out int length) && length == name.Length && number > after)
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        AccountNames names = new();
        List<GuestwireProcess> processes = [];
        long replyBytes = 0;
        foreach (int number in numbers)
        {
            if (processes.Count == limit || replyBytes >= MaxReplyBytes)
            {
                return new GuestwireProcessList { Processes = processes, More = true };
            }

            if (TryDescribe(directory, number, names) is { } process)
            {
                string command = process.Command ?? "";
                replyBytes += BytesPerProcess + (Ascii.IsValid(command) ? command.Length : 6 * command.Length);
                processes.Add(process);
            }
        }

        return new GuestwireProcessList { Processes = processes, More = false };
    }

    /// <returns>Null for one that is gone by now.</returns>
    private GuestwireProcess? TryDescribe(PseudoDirectory directory, int number, AccountNames names)
    {
        Span<byte> text = stackalloc byte[FileText.UsualBytes];
        Span<byte> name = stackalloc byte[16];
        number.TryFormat(name, out int length, default, CultureInfo.InvariantCulture);
        name = name[..length];
        int count = directory.TryRead(name, "/stat"u8, text, out _);
        if (count <= 0 || !ProcessStat.TryParse(text[..count], out ProcessStat stat))
        {
            return null;
        }

        count = directory.TryRead(name, "/status"u8, text, out _);
        if (count <= 0 || !TryReadUser(text[..count], out long user))
        {
            return null;
        }

        count = directory.TryRead(name, "/cmdline"u8, text[..MaxCommandBytes], out _);
        return new GuestwireProcess
        {
            Pid = number,
            Parent = stat.Parent,
            UserId = user,
            User = names.OfUser((uint)user),
            Name = stat.Name,
            Command = CommandOf(text[..Math.Max(count, 0)]),
            State = stat.State.ToString(),
            Threads = stat.Threads,
            CpuNs = stat.CpuTicks * _nanosecondsPerTick,
            StartedNs = stat.StartTicks * _nanosecondsPerTick,
            ResidentBytes = stat.ResidentPages * Environment.SystemPageSize,
        };
    }

    // The second of four: the one that decides what it may do.
    private static bool TryReadUser(ReadOnlySpan<byte> status, out long user)
    {
        TextLines lines = new(status);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("Uid:"u8))
            {
                TextFields fields = new(line[4..]);
                return fields.TryRead(out user) && fields.TryRead(out user);
            }
        }

        user = 0;
        return false;
    }

    private static string? CommandOf(Span<byte> text)
    {
        if (text.Length == MaxCommandBytes)
        {
            // Cut, perhaps in the middle of a character.
            for (int i = 0; i < 3 && Rune.DecodeLastFromUtf8(text, out _, out int used) == System.Buffers.OperationStatus.NeedMoreData; i++)
            {
                text = text[..^used];
            }
        }

        text = text.TrimEnd((byte)0);
        text.Replace((byte)0, (byte)' ');
        return text.IsEmpty ? null : Encoding.UTF8.GetString(text);
    }
}
