using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Daemon.Logging;

/// <summary>A log file that others may append to as well, or stderr.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FileSink : ILogSink, IDisposable
{
    /// <summary>The mode of a file for audits: its arguments are nobody else's business.</summary>
    public const uint OwnerOnly = 0x180; // 0600

    /// <summary>The mode of a log, as fopen(3) has it.</summary>
    public const uint EverybodyLessUmask = 0x1B6; // 0666

    private readonly string? _path;
    private SafeFileHandle? _file;

    private readonly uint _mode;

    private FileSink(SafeFileHandle? file, string? path, uint mode)
    {
        _mode = mode;
        _file = file;
        _path = path;
    }

    /// <summary>Lines go to stderr, or wherever stderr has been turned to meanwhile.</summary>
    public static FileSink Stderr() => new(StandardStream.Error(), null, 0);

    /// <summary>Lines are appended to a file, which is created if need be; by <see cref="TryOpen"/>, or else by the first line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Its mode when it is created.</param>
    public static FileSink ToFile(string path, uint mode = EverybodyLessUmask) => new(null, path, mode);

    /// <summary>Opens what is not open yet.</summary>
    /// <returns>False on failure, with <see cref="Errno.Last"/> set.</returns>
    public bool TryOpen()
    {
        _file ??= Libc.Open(_path!, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_CLOEXEC, _mode);
        return !_file.IsInvalid;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> line)
    {
        if (TryOpen())
        {
            WholeWrite.TryWrite(_file!, line);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
