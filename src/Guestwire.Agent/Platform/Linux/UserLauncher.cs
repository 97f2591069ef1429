using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Platform.Linux;

/// <summary>
/// A program that runs as another user. A process with threads cannot take on another user for one child: so the agent's own file is started once more, with a
/// word that only the agent says and an empty environment, and that process takes on the user, enters the folder and becomes the program. What
/// it shall do it reads from descriptor 3 (<see cref="LaunchOrder"/>). Descriptor 4 is a pipe: it closes when the program starts, and carries what failed and the error
/// number, two integers of four bytes, when it does not.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class UserLauncher
{
    /// <summary>The one argument by which a process knows that it is one of these.</summary>
    internal const string Word = "--become-program-of-user";

    private const string Shell = "/bin/sh";
    private const string ThisProgram = "/proc/self/exe";
    private const int OrderDescriptor = 3;
    private const int AnswerDescriptor = 4;
    private const int AnswerBytes = 2 * sizeof(int);

    /// <summary>The exit code of a process that became no program; nobody sees it.</summary>
    private const int Failure = 127;

    // Descriptors that the runtime may have opened since.
    private const int HighestDescriptor = 64;

    /// <summary>What failed.</summary>
    private enum Step
    {
        Order = 1,
        User,
        Folder,
        Program,
    }

    /// <summary>Starts a program as a user. For the agent; waits until the program runs.</summary>
    /// <param name="spawn">Says what its first three descriptors are.</param>
    /// <param name="order">What to run, and as whom.</param>
    /// <param name="processId">The process.</param>
    /// <param name="failure">What went wrong, in words that end before the reason; null when nothing did.</param>
    /// <returns>The error number, or 0.</returns>
    internal static int Start(ProgramSpawn spawn, LaunchOrder order, out int processId, out string? failure)
    {
        processId = 0;
        failure = "cannot start a program of another user";
        using SafeFileHandle orderFile = High(Libc.CreateMemoryFile("order", Libc.MFD_CLOEXEC));
        using PipePair answer = PipePair.Open(oursIsReadEnd: true);
        using SafeFileHandle theirs = High(answer.TakeTheirs());
        if (orderFile.IsInvalid || theirs.IsInvalid || !WholeWrite.TryWrite(orderFile, order.ToBytes()) || Libc.Seek(orderFile, 0, Libc.SEEK_SET) < 0)
        {
            return Errno.Last;
        }

        spawn.Add(orderFile);
        spawn.Add(theirs);
        int errno = spawn.Start(ThisProgram, [Word], [], "", out processId);
        theirs.Dispose();
        if (errno != 0)
        {
            return errno;
        }

        using SafeFileHandle ours = answer.TakeOurs();
        Libc.Fcntl(ours, Libc.F_SETFL, Libc.O_RDONLY);
        Span<byte> words = stackalloc byte[AnswerBytes];
        if (Libc.Read(ours, words) != AnswerBytes)
        {
            failure = null;
            return 0;
        }

        Libc.WaitPid(processId, out _, 0);
        failure = (Step)BitConverter.ToInt32(words) switch
        {
            Step.User => "cannot become user " + order.UserId.ToString(CultureInfo.InvariantCulture),
            Step.Folder => "cannot enter '" + order.Folder + "'",
            Step.Program => null,
            _ => failure,
        };
        return BitConverter.ToInt32(words[sizeof(int)..]);
    }

    /// <summary>Becomes the program. For the other process; its whole work.</summary>
    /// <returns>Its exit code, when it became none.</returns>
    internal static int Run()
    {
        for (int descriptor = AnswerDescriptor; descriptor < HighestDescriptor; descriptor++)
        {
            using SafeFileHandle open = new(descriptor, ownsHandle: false);
            Libc.Fcntl(open, Libc.F_SETFD, Libc.FD_CLOEXEC);
        }

        using SafeFileHandle answer = new(AnswerDescriptor, ownsHandle: false);
        Step step = Obey(out int errno);
        Span<byte> words = stackalloc byte[AnswerBytes];
        BitConverter.TryWriteBytes(words, (int)step);
        BitConverter.TryWriteBytes(words[sizeof(int)..], errno);
        WholeWrite.TryWrite(answer, words);
        return Failure;
    }

    // Unsafe: both vectors are null-terminated arrays of null-terminated strings, alive as long as this process is what it is.
    private static unsafe Step Obey(out int errno)
    {
        errno = Errno.EINVAL;
        using ByteBuffer bytes = new();
        if (!TryReadOrder(bytes) || LaunchOrder.TryRead(bytes.Slice(0, bytes.Count)) is not { } order)
        {
            return Step.Order;
        }

        uint[] groups = [.. order.Groups];
        if (Libc.SetGroups((nuint)groups.Length, groups) < 0 || Libc.SetGroup(order.GroupId) < 0 || Libc.SetUser(order.UserId) < 0)
        {
            errno = Errno.Last;
            return Step.User;
        }

        if (order.Folder.Length > 0 && Libc.ChDir(order.Folder) < 0)
        {
            errno = Errno.Last;
            return Step.Folder;
        }

        // What this process has for itself: a program expects neither.
        Libc.Signal(Libc.SIGPIPE, Libc.SIG_DFL);
        Libc.PthreadSigmask(Libc.SIG_SETMASK, new ulong[Libc.SigsetWords], 0);
        using NativeStrings arguments = NativeStrings.FromBlock(order.Arguments.Span);
        using NativeStrings environment = NativeStrings.FromBlock(order.Environment.Span);
        errno = Errno.ENOENT;
        foreach (string candidate in ProgramSearch.Candidates(order.Program, order.SearchPath))
        {
            Libc.Execute(candidate, arguments.Pointer, environment.Pointer);
            int last = Errno.Last;
            if (last == Errno.ENOEXEC)
            {
                // A script without a first line that says whose: the shell's.
                ReadOnlySpan<byte> rest = order.Arguments.Span;
                using NativeStrings script = NativeStrings.FromBlock(
                    [.. LaunchOrder.BlockOf([Shell, candidate]), .. rest[(rest.IndexOf((byte)0) + 1)..]]);
                Libc.Execute(Shell, script.Pointer, environment.Pointer);
                last = Errno.Last;
            }

            // As of a program of the agent's own user: one that may not be run is only the answer when there is no other.
            if (last is not (Errno.ENOENT or Errno.ENOTDIR))
            {
                errno = last;
                if (last != Errno.EACCES)
                {
                    break;
                }
            }
        }

        return Step.Program;
    }

    private static bool TryReadOrder(ByteBuffer bytes)
    {
        using SafeFileHandle order = new(OrderDescriptor, ownsHandle: true);
        const int PieceBytes = 64 * 1024;
        int count;
        while ((count = Libc.Read(order, bytes.GetSpan(PieceBytes)[..PieceBytes])) > 0)
        {
            bytes.Advance(count);
        }

        return count == 0;
    }

    /// <summary>The same file under a number that is none of those a child gets; the low one is closed.</summary>
    private static SafeFileHandle High(SafeFileHandle low)
    {
        using (low)
        {
            return low.IsInvalid ? new SafeFileHandle() : new SafeFileHandle(Libc.Fcntl(low, Libc.F_DUPFD_CLOEXEC, HighestDescriptor), ownsHandle: true);
        }
    }
}
