using System.Runtime.InteropServices;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Framing;

/// <summary>
/// The keys of all objects that are open, the innermost object's last, to find one that comes twice. Hot path: nothing here is on the managed
/// heap, and a key costs 16 bytes, and up to 16 more where its object has many.
/// </summary>
/// <remarks>
/// An object of few members has its keys compared with each other. Those of a larger one are entered in a hash table, one for all objects; the
/// hash is seeded anew by each process, so that no host can make keys that collide. What is entered last is taken out first, so a slot is
/// simply emptied: no key behind it on its way through the table is left.
/// </remarks>
internal sealed unsafe class OpenKeys : IDisposable
{
    /// <summary>Up to so many keys of an object are compared with each other.</summary>
    private const int Few = 16;

    /// <summary>What is kept between frames, in keys; most objects have fewer.</summary>
    private const int RetainedKeys = 256;

    /// <summary>Plain keys up to this size are compared as they are, longer ones by their hash first: a long common beginning costs time.</summary>
    private const int ShortBytes = 64;

    /// <summary>Bits of a slot that number a key; a frame has room for half as many. The bits above are the highest of its hash, which tell most others apart.</summary>
    private const uint NumberMask = (1 << 20) - 1;

    // Unsafe: both blocks are owned by this object alone and never handed out; _keys has room for _capacity keys of which _count are in use,
    // _slots has _slotCount, a power of two, each 0 or as SlotFor has it. Both are freed in Release.
    private Key* _keys;
    private int _capacity;
    private uint* _slots;
    private int _slotCount;
    private int _entered;

    /// <summary>The number of keys held.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether the last key came before in its object.</summary>
    internal bool IsLastRepeated => _keys[Count - 1].IsRepeated;

    /// <summary>Adds a key to the innermost object.</summary>
    /// <param name="frame">The frame so far; the same text in each call until <see cref="Clear"/>, but for <see cref="Move"/>.</param>
    /// <param name="start">Where the key is, with its quotes.</param>
    /// <param name="length">Its length, with its quotes.</param>
    /// <param name="isPlain">Whether it has no escape and is ASCII.</param>
    /// <param name="first">The number of the object's first key.</param>
    internal void Add(ReadOnlySpan<byte> frame, int start, int length, bool isPlain, int first)
    {
        if (Count == _capacity)
        {
            int capacity = Math.Max(Few, 2 * _capacity);
            _keys = (Key*)NativeMemory.Realloc(_keys, (nuint)capacity * (nuint)sizeof(Key));
            _capacity = capacity;
        }

        int last = Count++;
        _keys[last] = new Key { Start = start + 1, Length = length - 2, IsPlain = isPlain };
        if (last - first < Few)
        {
            _keys[last].IsRepeated = IsAmongFew(frame, first, last);
            return;
        }

        for (int key = last - first == Few ? first : last; key <= last; key++)
        {
            _keys[key].IsRepeated |= !Enter(frame, key, first);
        }
    }

    /// <summary>Drops the keys from this one on: their object is closed.</summary>
    internal void Truncate(int first)
    {
        if (first == 0 && 4 * _entered > _slotCount)
        {
            EmptyTable();
            Count = 0;
        }

        while (Count > first)
        {
            Key* key = &_keys[--Count];
            if (key->IsEntered)
            {
                _slots[Find(SlotFor(Count, key->Hash), key->Hash)] = 0;
                _entered--;
            }
        }
    }

    /// <summary>Drops all keys, and gives back what few would not need.</summary>
    internal void Clear()
    {
        Count = 0;
        if (_capacity > RetainedKeys)
        {
            Release();
        }
        else if (_entered > 0)
        {
            EmptyTable();
        }
    }

    /// <summary>Where the content of a key begins.</summary>
    internal int StartOf(int key) => _keys[key].Start;

    /// <summary>The frame was rewritten, and the content of a key begins elsewhere.</summary>
    internal void Move(int key, int start) => _keys[key].Start = start;

    /// <inheritdoc/>
    public void Dispose() => Release();

    private bool IsAmongFew(ReadOnlySpan<byte> frame, int first, int last)
    {
        for (int key = first; key < last; key++)
        {
            bool areShort = _keys[key].IsShort && _keys[last].IsShort;
            if (areShort ? TextOf(frame, key).SequenceEqual(TextOf(frame, last)) : IsSame(frame, key, last, first))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsSame(ReadOnlySpan<byte> frame, int key, int other, int first) =>
        HashOf(frame, key, first) == HashOf(frame, other, first) && JsonText.IsSame(TextOf(frame, key), TextOf(frame, other));

    private ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> frame, int key) => frame.Slice(_keys[key].Start, _keys[key].Length);

    /// <summary>Enters a key in the table.</summary>
    /// <returns>False when its object has it already; then it is not entered.</returns>
    private bool Enter(ReadOnlySpan<byte> frame, int number, int first)
    {
        if (2 * (_entered + 1) > _slotCount)
        {
            GrowTable(number);
        }

        uint hash = HashOf(frame, number, first);
        uint wanted = SlotFor(number, hash);
        int mask = _slotCount - 1;
        int slot = (int)hash & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            uint found = _slots[slot];
            int other = (int)(found & NumberMask) - 1;
            if ((found ^ wanted) <= NumberMask && other >= first && IsSame(frame, other, number, first))
            {
                return false;
            }
        }

        _slots[slot] = wanted;
        _keys[number].IsEntered = true;
        _entered++;
        return true;
    }

    private void GrowTable(int keys)
    {
        int slotCount = Math.Max(8 * Few, 2 * _slotCount);
        uint* slots = (uint*)NativeMemory.AllocZeroed((nuint)slotCount, sizeof(uint));
        NativeMemory.Free(_slots);
        _slots = slots;
        _slotCount = slotCount;
        for (int key = 0; key < keys; key++)
        {
            if (_keys[key].IsEntered)
            {
                _slots[Find(0, _keys[key].Hash)] = SlotFor(key, _keys[key].Hash);
            }
        }
    }

    /// <summary>What a slot has for a key.</summary>
    private static uint SlotFor(int number, uint hash) => (hash & ~NumberMask) | ((uint)number + 1);

    /// <summary>The slot that has this content, on the way of a hash through the table.</summary>
    private int Find(uint content, uint hash)
    {
        int mask = _slotCount - 1;
        int slot = (int)hash & mask;
        while (_slots[slot] != content)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private uint HashOf(ReadOnlySpan<byte> frame, int number, int first)
    {
        Key* key = &_keys[number];
        if (!key->IsHashed)
        {
            // Objects inside one another may have the same keys, which would crowd in the table.
            ReadOnlySpan<byte> text = TextOf(frame, number);
            key->Hash = (uint)(key->IsPlain ? Hash(text) : HashDecoded(text)) + ((uint)first * 0x9E3779B1);
            key->IsHashed = true;
        }

        return key->Hash;
    }

    private static int HashDecoded(ReadOnlySpan<byte> text)
    {
        if (text.Length <= ShortBytes)
        {
            Span<byte> shortOne = stackalloc byte[ShortBytes];
            return Hash(shortOne[..JsonText.Decode(text, shortOne)]);
        }

        byte* block = (byte*)NativeMemory.Alloc((nuint)text.Length);
        Span<byte> decoded = new(block, text.Length);
        int hash = Hash(decoded[..JsonText.Decode(text, decoded)]);
        NativeMemory.Free(block);
        return hash;
    }

    /// <summary>The framework's own seeded hash, which takes two bytes at a time; an odd one at the end is added.</summary>
    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        int hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(bytes));
        return (bytes.Length & 1) == 0 ? hash : unchecked((hash ^ bytes[^1]) * (int)0x9E3779B1);
    }

    private void EmptyTable()
    {
        new Span<uint>(_slots, _slotCount).Clear();
        _entered = 0;
    }

    private void Release()
    {
        NativeMemory.Free(_keys);
        NativeMemory.Free(_slots);
        _keys = null;
        _slots = null;
        _capacity = 0;
        _slotCount = 0;
        _entered = 0;
        Count = 0;
    }

    private struct Key
    {
        internal int Start;
        internal int Length;
        internal uint Hash;
        internal bool IsPlain;
        internal bool IsHashed;
        internal bool IsEntered;
        internal bool IsRepeated;

        internal readonly bool IsShort => IsPlain && Length <= ShortBytes;
    }
}
