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

    // Guards the rest: commands on files run on workers.
    private readonly Lock _lock = new();
    private readonly Dictionary<long, OpenFile> _files = [];
    private int _opening;

    /// <summary>How many files the process can have open and still do the rest of its work.</summary>
    internal static int MaxFilesOfProcess() =>
        Libc.GetRLimit(Libc.RLIMIT_NOFILE, out Libc.RLimit limit) == 0 && limit.Soft < MaxFiles + OtherDescriptors
            ? Math.Max((int)limit.Soft - OtherDescriptors, (int)limit.Soft / 2)
            : MaxFiles;

    /// <summary>Opens a file and makes it reachable. Its handle is certain before: an open that fails afterwards has changed the file already.</summary>
    /// <param name="open">Opens the file; it may take long, and other files are served meanwhile.</param>
    /// <returns>Its handle.</returns>
    /// <exception cref="QapiException">GenericError: no handle can be reserved, or there are too many; or the file cannot be opened.</exception>
    internal long Open(Func<OpenFile> open)
    {
        lock (_lock)
        {
            if (_files.Count + _opening >= maxFiles)
            {
                throw new QapiException($"too many open files: close some of the {_files.Count.ToString(CultureInfo.InvariantCulture)} handles first");
            }

            counter.Reserve(_opening + 1);
            _opening++;
        }

        try
        {
            OpenFile file = open();
            lock (_lock)
            {
                long handle = counter.Take();
                _files.Add(handle, file);
                return handle;
            }
        }
        finally
        {
            lock (_lock)
            {
                _opening--;
            }
        }
    }

    /// <summary>The file behind a handle.</summary>
    /// <exception cref="QapiException">GenericError: there is none.</exception>
    internal OpenFile Get(long handle)
    {
        lock (_lock)
        {
            return _files.TryGetValue(handle, out OpenFile? file) ? file : throw NotFound(handle);
        }
    }

    /// <summary>Takes a file out of the table; whatever happens to it then, its handle is gone.</summary>
    /// <exception cref="QapiException">GenericError: there is none.</exception>
    internal OpenFile Take(long handle)
    {
        lock (_lock)
        {
            return _files.Remove(handle, out OpenFile? file) ? file : throw NotFound(handle);
        }
    }

    private static QapiException NotFound(long handle) => new($"handle '{handle.ToString(CultureInfo.InvariantCulture)}' has not been found");
}
