using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Daemon.Logging;

/// <summary>A log file that others may append to as well, or stderr.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FileSink : ILogSink, IDisposable
{
    private const uint EverybodyLessUmask = 0x1B6; // 0666, as fopen(3) has it

    private readonly SafeFileHandle _file;

    private FileSink(SafeFileHandle file) => _file = file;

    /// <summary>Lines go to stderr, or wherever stderr has been turned to meanwhile.</summary>
    public static FileSink Stderr() => new(StandardStream.Error());

    /// <summary>Opens a file to append to; creates it if need be.</summary>
    /// <returns>Null on failure, with <see cref="Errno.Last"/> set.</returns>
    public static FileSink? TryOpen(string path)
    {
        SafeFileHandle file = Libc.Open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_CLOEXEC, EverybodyLessUmask);
        return file.IsInvalid ? null : new FileSink(file);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> line) => StandardStream.TryWriteAll(_file, line);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
