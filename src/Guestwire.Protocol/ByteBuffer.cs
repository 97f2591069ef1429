using System.Buffers;
using System.Runtime.InteropServices;

namespace Guestwire.Protocol;

/// <summary>
/// A growing buffer in native memory: bytes are appended at the end and consumed at the front. Hot path; nothing here
/// allocates managed memory once the buffer exists.
/// </summary>
/// <remarks>
/// Native, because a request or a reply may be tens of megabytes: the managed heap would keep that memory, while this
/// buffer gives back what is beyond <see cref="BusyCapacity"/> as soon as it is empty, or nearly, and the rest when its owner has it
/// <see cref="Rest"/>. Not thread-safe.
/// </remarks>
/// <param name="wipes">
/// Whether bytes may be secrets: then they are overwritten when they are dropped, and no copy stays where the buffer was before it grew. A
/// block beyond <see cref="BusyCapacity"/> is not overwritten: it is the system's own pages, which are given back as soon as the buffer is empty.
/// </param>
public sealed unsafe class ByteBuffer(bool wipes) : MemoryManager<byte>
{
    /// <summary>Up to so many bytes come from the C library's heap: two pieces of a streamed reply fit, and room to read and encode in.</summary>
    public const int RetainedCapacity = 256 * 1024;

    /// <summary>What an empty buffer keeps, in bytes: a request or a reply of a megabyte in base64 finds its memory at hand when the next one follows.</summary>
    public const int BusyCapacity = LargeBlock.HugePageBytes;

    private const int FirstCapacity = 4 * 1024;

    // Unsafe: the block is owned by this object alone, never handed out but as spans over [0, _capacity), and freed in
    // Dispose. A span is valid until the next call that may grow or clear the buffer, like that of any growing list.
    private byte* _block;
    private int _capacity;
    private int _start;
    private int _end;

    /// <summary>An empty buffer for bytes that are no secret.</summary>
    public ByteBuffer()
        : this(wipes: false)
    {
    }

    /// <summary>The number of bytes appended and not consumed.</summary>
    public int Count => _end - _start;

    /// <summary>Whether it has a block of memory, used or not.</summary>
    public bool HoldsMemory => _capacity > 0;

    /// <summary>The bytes appended and not consumed. Valid until the next append or clear.</summary>
    public Span<byte> Bytes => new(_block + _start, _end - _start);

    /// <summary>A slice of the unconsumed bytes that may be stored until the next append, consumption or clear.</summary>
    public Memory<byte> Slice(int start, int length) => CreateMemory(_start + start, length);

    /// <summary>Room for at least <paramref name="sizeBytes"/> bytes behind the last one; commit them with <see cref="Advance"/>.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The buffer would pass 2 GiB; the limits of frames and replies are far below.</exception>
    public Span<byte> GetSpan(int sizeBytes)
    {
        if (_capacity - _end < sizeBytes)
        {
            MakeRoom(sizeBytes);
        }

        return new Span<byte>(_block + _end, _capacity - _end);
    }

    /// <summary>The room of <see cref="GetSpan(int)"/> as memory that may be stored until the next append, consumption or clear.</summary>
    public Memory<byte> GetRoom(int sizeBytes)
    {
        GetSpan(sizeBytes);
        return CreateMemory(_end, _capacity - _end);
    }

    /// <summary>Commits bytes that were written into the span of <see cref="GetSpan(int)"/>.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_capacity - _end));
        _end += count;
    }

    /// <summary>Appends a copy of these bytes.</summary>
    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _end += bytes.Length;
    }

    /// <summary>Appends one byte.</summary>
    public void Append(byte value)
    {
        GetSpan(1)[0] = value;
        _end++;
    }

    /// <summary>Drops bytes at the front; a buffer that is empty, or nearly, gives back what it does not need.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count);
        Wipe(_start, count);
        _start += count;
        if (_start == _end)
        {
            Clear();
        }
        else if (_capacity > BusyCapacity)
        {
            Shrink();
        }
    }

    /// <summary>Drops bytes at the end.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count);
        Wipe(_start + count, Count - count);
        _end = _start + count;
    }

    /// <summary>Drops everything and gives back what is beyond <see cref="BusyCapacity"/>.</summary>
    public void Clear()
    {
        Wipe(_start, Count);
        _start = 0;
        _end = 0;
        if (_capacity > BusyCapacity)
        {
            Release();
        }
    }

    /// <summary>Gives back what is not in use: nothing may come for long.</summary>
    public void Rest()
    {
        if (Count == 0)
        {
            Release();
        }
        else if (IsLarge)
        {
            Shrink();
        }
    }

    /// <summary>Gives back the room behind the last byte: nothing more will come, and what came may stay for long. Only for bytes that are no secret.</summary>
    public void TrimExcess()
    {
        if (_end == 0)
        {
            Release();
        }
        else if (IsLarge)
        {
            LargeBlock.TrimTo(_block, _capacity, _end);
        }
        else
        {
            _block = (byte*)NativeMemory.Realloc(_block, (nuint)_end);
            _capacity = _end;
        }
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_block, _capacity);

    /// <summary>Not needed to pin: the memory never moves by itself.</summary>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_block + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Release();

    /// <summary>Whether the block is one of <see cref="LargeBlock"/>.</summary>
    private bool IsLarge => _capacity > RetainedCapacity;

    private void MakeRoom(int sizeBytes)
    {
        int count = Count;
        if (_start > 0 && _capacity - count >= sizeBytes && _start >= _capacity / 2)
        {
            // At least half is consumed: moving costs less than it frees, so appending stays linear over time.
            Bytes.CopyTo(new Span<byte>(_block, count));
            Wipe(count, _end - count);
            _start = 0;
            _end = count;
            return;
        }

        // Doubling while small; by half when large, where growing costs little.
        long grown = IsLarge ? _capacity + (_capacity / 2L) : Math.Clamp(_capacity * 2L, FirstCapacity, RetainedCapacity);
        long wanted = Math.Max((long)_end + sizeBytes, grown);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, Array.MaxLength, nameof(sizeBytes));
        if (wanted > RetainedCapacity)
        {
            GrowLarge(LargeBlock.SizeFor(wanted));
        }
        else if (wipes && _capacity > 0)
        {
            MoveTo((byte*)NativeMemory.Alloc((nuint)wanted), (int)wanted);
        }
        else
        {
            _block = (byte*)NativeMemory.Realloc(_block, (nuint)wanted);
            _capacity = (int)wanted;
        }
    }

    private void GrowLarge(int size)
    {
        if (IsLarge && LargeBlock.TryGrow(_block, _capacity, size))
        {
            _capacity = size;
        }
        else
        {
            MoveTo(LargeBlock.Allocate(size), size);
        }
    }

    /// <summary>Moves the bytes to the start of another block, and gives this one back with nothing left in it.</summary>
    private void MoveTo(byte* block, int capacity)
    {
        int count = Count;
        Bytes.CopyTo(new Span<byte>(block, count));
        Release();
        _block = block;
        _capacity = capacity;
        _end = count;
    }

    /// <summary>The start of a request may stand for long where a large one was: it moves to a small block.</summary>
    private void Shrink()
    {
        if (Count <= RetainedCapacity / 2)
        {
            MoveTo((byte*)NativeMemory.Alloc(RetainedCapacity), RetainedCapacity);
        }
    }

    private void Wipe(int start, int count)
    {
        if (wipes && _capacity <= BusyCapacity)
        {
            new Span<byte>(_block + start, count).Clear();
        }
    }

    private void Release()
    {
        Wipe(_start, Count);
        if (IsLarge)
        {
            LargeBlock.Free(_block, _capacity);
        }
        else
        {
            NativeMemory.Free(_block);
        }

        _block = null;
        _capacity = 0;
        _start = 0;
        _end = 0;
    }
}
