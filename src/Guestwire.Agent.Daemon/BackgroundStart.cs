using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Daemon;

/// <summary>
/// Goes to the background (<c>-d</c>). A runtime with threads cannot fork, so the program starts itself again in a session
/// of its own, with the same words and environment, and waits. The second process does all that may fail (log, channel,
/// pid file), complains where the first would have, and only then cuts itself off and says so through a pipe; the first
/// exits 0 then, or 1 when the pipe closes without a word. So the caller learns how the start went, and finds the pid file.
/// <para>
/// The second process knows itself by a variable, <c>GUESTWIRE_BACKGROUND=&lt;descriptor of the pipe&gt;[,socket]</c>, which it
/// removes at once: programs that hosts execute do not see it.
/// </para>
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class BackgroundStart : IDisposable
{
    private const string Variable = "GUESTWIRE_BACKGROUND";
    private const string WithSocket = ",socket";
    private const uint OwnerOnlyMask = 0x3F; // 077

    private readonly SafeFileHandle _pipe;

    private BackgroundStart(SafeFileHandle pipe, bool hasSocket)
    {
        _pipe = pipe;
        HasSocket = hasSocket;
    }

    /// <summary>Whether the first process was handed a socket by a service manager, and passed it on.</summary>
    public bool HasSocket { get; }

    /// <summary>In the first process: starts the second and waits until it is in the background.</summary>
    /// <param name="hasSocket">Whether a service manager's socket must go with it.</param>
    /// <param name="reason">Why there is no second process; null when it has spoken for itself.</param>
    /// <returns>Whether the agent runs in the background now.</returns>
    public static bool TrySpawn(bool hasSocket, out string? reason)
    {
        if (!TryOpenPipe(out SafeFileHandle readEnd, out SafeFileHandle writeEnd))
        {
            reason = $"failed to create a pipe: {Errno.Text(Errno.Last)}";
            return false;
        }

        // Our own write end must go before we read, or we would wait for ourselves.
        bool isStarted;
        using (writeEnd)
        {
            isStarted = TryStartAgain((int)writeEnd.DangerousGetHandle(), hasSocket, out reason);
        }

        using SafeFileHandle answer = readEnd;

        Span<byte> word = stackalloc byte[1];
        return isStarted && Libc.Read(answer, word) == 1;
    }

    /// <summary>Looks whether this is the second process.</summary>
    /// <returns>Null in the first.</returns>
    public static BackgroundStart? TakeOver()
    {
        string? value = Environment.GetEnvironmentVariable(Variable);
        if (value is null)
        {
            return null;
        }

        _ = Libc.UnsetEnv(Variable);
        bool hasSocket = value.EndsWith(WithSocket, StringComparison.Ordinal);
        string number = hasSocket ? value[..^WithSocket.Length] : value;
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor))
        {
            return null;
        }

        var pipe = new SafeFileHandle(descriptor, ownsHandle: true);
        _ = Libc.Fcntl(pipe, Libc.F_SETFD, Libc.FD_CLOEXEC);
        return new BackgroundStart(pipe, hasSocket);
    }

    /// <summary>In the second process, when all is well: lets go of the caller's directory and terminal, and tells the first.</summary>
    public void Detach()
    {
        _ = Libc.ChDir("/");
        _ = Libc.Umask(OwnerOnlyMask);
        using (SafeFileHandle nothing = Libc.Open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC, 0))
        {
            for (int standard = 0; standard <= 2; standard++)
            {
                _ = Libc.Dup2(nothing, standard);
            }
        }

        WholeWrite.TryWrite(_pipe, "+"u8);
        _pipe.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _pipe.Dispose();

    private static bool TryStartAgain(int pipe, bool hasSocket, out string? reason)
    {
        using ByteBuffer? words = PseudoFile.TryRead("/proc/self/cmdline", out int errno);
        using ByteBuffer? environment = words is null ? null : PseudoFile.TryRead("/proc/self/environ", out errno);
        if (words is null || environment is null)
        {
            reason = $"failed to read /proc/self: {Errno.Text(errno)}";
            return false;
        }

        string mark = string.Create(CultureInfo.InvariantCulture, $"{Variable}={pipe}{(hasSocket ? WithSocket : "")}");
        using NativeStrings argv = NativeStrings.FromBlock(words.Bytes);
        using NativeStrings environ = NativeStrings.FromBlock(With(mark, environment.Bytes));

        errno = Spawn(argv, environ, hasSocket ? [pipe, SocketActivation.FirstDescriptor] : [pipe]);
        reason = errno == 0 ? null : $"failed to start in the background: {Errno.Text(errno)}";
        return errno == 0;
    }

    /// <summary>Starts this program again, in a session of its own.</summary>
    /// <param name="argv">Its words.</param>
    /// <param name="environ">Its environment.</param>
    /// <param name="descriptors">What it gets besides stdin, stdout and stderr.</param>
    /// <returns>The error number, or 0.</returns>
    private static unsafe int Spawn(NativeStrings argv, NativeStrings environ, ReadOnlySpan<int> descriptors)
    {
        _ = Libc.SpawnActionsInit(out Libc.Opaque actions);
        _ = Libc.SpawnAttributesInit(out Libc.Opaque attributes);
        _ = Libc.SpawnAttributesSetFlags(ref attributes, Libc.POSIX_SPAWN_SETSID);
        foreach (int descriptor in descriptors)
        {
            // A descriptor duplicated onto itself is one that survives the exec.
            _ = Libc.SpawnActionsAddDup(ref actions, descriptor, descriptor);
        }

        // Unsafe: C wants pointers to pointers. Both vectors end with null and live until the caller disposes of them.
        int errno = Libc.Spawn(out _, "/proc/self/exe", ref actions, ref attributes, argv.Pointer, environ.Pointer);
        _ = Libc.SpawnAttributesDestroy(ref attributes);
        _ = Libc.SpawnActionsDestroy(ref actions);
        return errno;
    }

    private static unsafe bool TryOpenPipe(out SafeFileHandle readEnd, out SafeFileHandle writeEnd)
    {
        // Unsafe: pipe2(2) fills exactly these two.
        int* ends = stackalloc int[2] { -1, -1 };
        bool isOpen = Libc.Pipe(ends, Libc.O_CLOEXEC) == 0;
        readEnd = new SafeFileHandle(ends[0], ownsHandle: true);
        writeEnd = new SafeFileHandle(ends[1], ownsHandle: true);
        return isOpen;
    }

    /// <summary>The environment with one variable more, less those of socket activation, which name the first process.</summary>
    private static byte[] With(string variable, ReadOnlySpan<byte> environment)
    {
        var block = new List<byte>(environment.Length + variable.Length + 1);
        foreach (Range range in environment.Split((byte)0))
        {
            ReadOnlySpan<byte> entry = environment[range];
            if (!entry.IsEmpty && !entry.StartsWith("LISTEN_"u8))
            {
                block.AddRange(entry);
                block.Add(0);
            }
        }

        block.AddRange(Encoding.UTF8.GetBytes(variable));
        block.Add(0);
        return [.. block];
    }
}
