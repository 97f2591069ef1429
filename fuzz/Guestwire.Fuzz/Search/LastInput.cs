using System.IO.MemoryMappedFiles;

namespace Guestwire.Fuzz.Search;

/// <summary>
/// The input that is running, in a file mapped into memory: what ends the process, a stack that overflows or a bad access, leaves it behind. The
/// file: length of the input (4 bytes), the input.
/// </summary>
internal sealed class LastInput : IDisposable
{
    /// <summary>How the names of such files begin; the target's name follows.</summary>
    internal const string Prefix = ".running-";

    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte[] _input;
    private int _length;

    internal LastInput(string folder, string target, int maxBytes)
    {
        _path = Path.Combine(folder, Prefix + target);
        _file = MemoryMappedFile.CreateFromFile(_path, FileMode.Create, null, sizeof(int) + maxBytes);
        _view = _file.CreateViewAccessor();
        _input = new byte[maxBytes];
    }

    /// <summary>What is running, as far as another thread can tell.</summary>
    internal byte[] Current => _input[.._length];

    /// <summary>Notes what will run.</summary>
    internal void Note(ReadOnlySpan<byte> input)
    {
        input.CopyTo(_input);
        _length = input.Length;
        _view.Write(0, input.Length);
        _view.SafeMemoryMappedViewHandle.WriteSpan(sizeof(int), input);
    }

    /// <summary>Reads a file that was left behind.</summary>
    internal static byte[] Read(string path)
    {
        byte[] content = File.ReadAllBytes(path);
        return content[sizeof(int)..(sizeof(int) + BitConverter.ToInt32(content))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
