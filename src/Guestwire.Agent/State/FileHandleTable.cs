using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.State;

/// <summary>The files that hosts have open, by handle. They belong to the agent, not to a connection: a host may come back for them.</summary>
/// <param name="counter">Where the handles come from.</param>
/// <param name="maxFiles">How many may be open at once; <see cref="MaxFilesOfProcess"/>.</param>
[SupportedOSPlatform("linux")]
internal sealed class FileHandleTable(HandleCounter counter, int maxFiles)
{
    /// <summary>Files that may be open at most. Our own limit; a host that reaches it has forgotten some.</summary>
    internal const int MaxFiles = 16 * 1024;

    /// <summary>Descriptors kept for all else: a host that opens files without end shall still be able to freeze, run and connect.</summary>
    private const int OtherDescriptors = 256;

    private readonly Dictionary<long, OpenFile> _files = [];

    /// <summary>How many files the process can have open and still do the rest of its work.</summary>
    internal static int MaxFilesOfProcess() =>
        Libc.GetRLimit(Libc.RLIMIT_NOFILE, out Libc.RLimit limit) == 0 && limit.Soft < MaxFiles + OtherDescriptors
            ? Math.Max((int)limit.Soft - OtherDescriptors, (int)limit.Soft / 2)
            : MaxFiles;

    /// <summary>Makes sure that there is a handle for a file about to be opened: an open that fails later has changed the file already.</summary>
    /// <exception cref="QapiException">GenericError: no handle can be reserved, or there are too many.</exception>
    internal void Reserve()
    {
        if (_files.Count >= maxFiles)
        {
            throw new QapiException($"too many open files: close some of the {_files.Count.ToString(CultureInfo.InvariantCulture)} handles first");
        }

        counter.Reserve();
    }

    /// <summary>Makes a file reachable.</summary>
    /// <returns>Its handle.</returns>
    internal long Add(OpenFile file)
    {
        long handle = counter.Take();
        _files.Add(handle, file);
        return handle;
    }

    /// <summary>The file behind a handle.</summary>
    /// <exception cref="QapiException">GenericError: there is none.</exception>
    internal OpenFile Get(long handle) =>
        _files.TryGetValue(handle, out OpenFile? file)
            ? file
            : throw new QapiException($"handle '{handle.ToString(CultureInfo.InvariantCulture)}' has not been found");

    /// <summary>Takes a file out of the table; whatever happens to it then, its handle is gone.</summary>
    /// <exception cref="QapiException">GenericError: there is none.</exception>
    internal OpenFile Take(long handle)
    {
        OpenFile file = Get(handle);
        _files.Remove(handle);
        return file;
    }
}
