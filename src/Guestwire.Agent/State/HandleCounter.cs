using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.State;

/// <summary>
/// Numbers for file handles that are never given out twice, not even by the agent's next life: a handle that a host kept over a
/// restart must not name another file.
/// </summary>
/// <remarks>
/// The file <c>qga.state</c> in the state directory is a key file, <c>fd_counter</c> in group <c>[global]</c> holding the first number that
/// may not have been given out. Numbers are reserved <see cref="BlockSize"/> at a time, before the first of them is used, so most opens write nothing and
/// a crash loses numbers but repeats none. A missing or senseless number starts at <see cref="First"/>; a file that is no key file at
/// all is not ours to overwrite, and the agent does not start.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class HandleCounter
{
    /// <summary>The first handle of all; hosts may rely on handles not looking like descriptors.</summary>
    internal const long First = 1000;

    /// <summary>How many numbers one write reserves.</summary>
    private const long BlockSize = 256;

    private readonly string _path;
    private long _next;
    private long _reservedEnd;

    private HandleCounter(string path, long next)
    {
        _path = path;
        _next = next;
        _reservedEnd = next;
    }

    /// <summary>Reads the counter, or creates it.</summary>
    /// <param name="stateDirectory">Where it is kept.</param>
    /// <param name="isFrozen">Whether nothing may be written yet; then the first reservation creates it.</param>
    /// <exception cref="IOException">The state directory cannot be read or written.</exception>
    internal static HandleCounter Load(string stateDirectory, bool isFrozen = false)
    {
        string path = $"{stateDirectory}/qga.state";

        // A state file is some thirty bytes; more than this is none of ours, and what stands behind does not matter.
        Span<byte> content = stackalloc byte[4096];
        int count = PseudoFile.TryRead(path, content, out int errno);
        bool isNew = errno == Errno.ENOENT;
        if (count < 0 && !isNew)
        {
            throw new IOException($"failed to read '{path}': {Errno.Text(errno)}");
        }

        HandleCounter counter = new(
            path,
            isNew ? First
                : Parse(Encoding.UTF8.GetString(content[..count])) ?? throw new IOException($"'{path}' is not a key file; remove it to start with fresh handles"));
        if (isNew && !isFrozen && counter.Store(First, mustLast: false) is string why)
        {
            throw new IOException($"failed to write '{path}': {why}");
        }

        return counter;
    }

    /// <summary>Makes sure that <see cref="Take"/> has numbers to give; call it before whatever the numbers are for.</summary>
    /// <param name="count">So many, and no more than one write reserves.</param>
    /// <exception cref="QapiException">GenericError: the reservation cannot be stored.</exception>
    internal void Reserve(int count = 1)
    {
        if (_next + count > _reservedEnd)
        {
            long end = _reservedEnd + BlockSize;
            if (Store(end, mustLast: true) is not null)
            {
                throw new QapiException("failed to commit persistent state to disk");
            }

            _reservedEnd = end;
        }
    }

    /// <summary>A number that was never given out.</summary>
    internal long Take() => _next < _reservedEnd ? _next++ : throw new InvalidOperationException("no number is reserved");

    /// <summary>The counter in the text of a state file.</summary>
    /// <returns>Null when the text is no key file.</returns>
    internal static long? Parse(string text)
    {
        long value = First;
        string group = "";
        foreach (string line in text.Split('\n'))
        {
            string trimmed = line.Trim();
            int equals = trimmed.IndexOf('=', StringComparison.Ordinal);
            if (trimmed.StartsWith('[') && trimmed.EndsWith(']'))
            {
                group = trimmed;
            }
            else if (equals > 0 && group.Length > 0)
            {
                if (group == "[global]" && trimmed[..equals].TrimEnd() == "fd_counter")
                {
                    value = ParseNumber(trimmed.AsSpan(equals + 1).Trim());
                }
            }
            else if (trimmed.Length > 0 && !trimmed.StartsWith('#'))
            {
                return null;
            }
        }

        return value;
    }

    private static long ParseNumber(ReadOnlySpan<char> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < long.MaxValue - BlockSize
            ? number
            : First;

    /// <summary>Replaces the file in one step, so that a crash leaves the old one or the new one.</summary>
    /// <param name="value">What the file is to hold.</param>
    /// <param name="mustLast">Whether it must be on the disk before anything goes on: not for a first file, which reserves nothing.</param>
    /// <returns>Why not, or null.</returns>
    private string? Store(long value, bool mustLast)
    {
        string temporary = _path + ".new";
        byte[] content = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[global]\nfd_counter={value}\n"));
        using (SafeFileHandle file = Libc.Open(temporary, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | Libc.O_CLOEXEC, Libc.OwnerOnly))
        {
            if (file.IsInvalid || Libc.Write(file, content) != content.Length || (mustLast && Libc.Sync(file) < 0))
            {
                return Errno.Text(Errno.Last);
            }
        }

        return Libc.Rename(temporary, _path) < 0 ? Errno.Text(Errno.Last) : null;
    }
}
