using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.Daemon.Logging;

/// <summary>A log file that others may append to as well, or stderr.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FileSink : ILogSink, IDisposable
{
    private readonly string? _path;
    private SafeFileHandle? _file;

    private FileSink(SafeFileHandle? file, string? path)
    {
        _file = file;
        _path = path;
    }

    /// <summary>Lines go to stderr, or wherever stderr has been turned to meanwhile.</summary>
    public static FileSink Stderr() => new(StandardStream.Error(), null);

    /// <summary>Lines are appended to a file, which is created if need be; by <see cref="TryOpen"/>, or else by the first line.</summary>
    /// <param name="path">The file.</param>
    public static FileSink ToFile(string path) => new(null, path);

    /// <summary>Opens what is not open yet.</summary>
    /// <returns>False on failure, with <see cref="Errno.Last"/> set.</returns>
    public bool TryOpen()
    {
        // What hosts asked for is nobody else's business. A file that is there already keeps its mode: somebody chose it.
        _file ??= Libc.Open(_path!, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_CLOEXEC, Libc.OwnerOnly);
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
