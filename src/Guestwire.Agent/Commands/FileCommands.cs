using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-file-*: read and write files in the guest, by handle.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FileCommands(FileHandleTable handles, AccessPolicy access, IAgentLog log) : IFileCommands
{
    /// <summary>Bytes that one guest-file-read may ask for; the reference's limit since 5.0.</summary>
    private const long MaxReadBytes = 48 * 1024 * 1024;

    private const long DefaultReadBytes = 4096;
    private const long MaxPermissions = 0x1FF; // 0777

    /// <inheritdoc/>
    public long GuestFileOpen(GuestFileOpenArguments arguments)
    {
        string mode = arguments.Mode ?? "r";
        uint permissions = (uint)ArgumentRange.Check(arguments.Permissions ?? OpenFile.DefaultPermissions, 0, MaxPermissions, "permissions");
        log.Account($"guest-file-open called, filepath: {arguments.Path}, mode: {mode}");
        long handle = handles.Open(() => OpenFile.Open(arguments.Path, mode, access, permissions, arguments.Exclusive ?? false));
        log.Account($"guest-file-open, handle: {Decimal(handle)}");
        return handle;
    }

    /// <inheritdoc/>
    public void GuestFileClose(GuestFileCloseArguments arguments)
    {
        log.Account($"guest-file-close called, handle: {Decimal(arguments.Handle)}");
        handles.Take(arguments.Handle).Close();
    }

    /// <inheritdoc/>
    public GuestFileRead GuestFileRead(GuestFileReadArguments arguments)
    {
        OpenFile file = handles.Get(arguments.Handle);
        return FileReadSource.Start(file, (int)ArgumentRange.Check(arguments.Count ?? DefaultReadBytes, 0, MaxReadBytes, "count"));
    }

    /// <inheritdoc/>
    public GuestFileWrite GuestFileWrite(GuestFileWriteArguments arguments)
    {
        OpenFile file = handles.Get(arguments.Handle);
        Memory<byte> bytes = arguments.BufB64.Decode();
        long count = ArgumentRange.Check(arguments.Count ?? bytes.Length, 0, bytes.Length, "count");
        file.Write(bytes.Span[..(int)count]);
        return new GuestFileWrite { Count = count, Eof = false };
    }

    /// <inheritdoc/>
    public GuestFileSeek GuestFileSeek(GuestFileSeekArguments arguments)
    {
        OpenFile file = handles.Get(arguments.Handle);
        int whence = arguments.Whence switch
        {
            GuestFileWhence.Value { Content: 0 } or GuestFileWhence.Name { Content: QGASeek.Set } => Libc.SEEK_SET,
            GuestFileWhence.Value { Content: 1 } or GuestFileWhence.Name { Content: QGASeek.Cur } => Libc.SEEK_CUR,
            GuestFileWhence.Value { Content: 2 } or GuestFileWhence.Name { Content: QGASeek.End } => Libc.SEEK_END,
            GuestFileWhence.Value other => throw new QapiException($"invalid whence code {Decimal(other.Content)}"),
            _ => throw new QapiException("invalid whence code"),
        };
        return new GuestFileSeek { Position = file.Seek(arguments.Offset, whence), Eof = false };
    }

    /// <inheritdoc/>
    public void GuestFileFlush(GuestFileFlushArguments arguments) => handles.Get(arguments.Handle).Flush();

    private static string Decimal(long number) => number.ToString(CultureInfo.InvariantCulture);
}
