using System.Runtime.InteropServices;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>A null-terminated vector of null-terminated strings, as execve(2) takes them: one block of memory.</summary>
internal sealed unsafe class NativeStrings : SafeHandle
{
    // Unsafe: the block is allocated for the exact size of pointers and bytes together, written once here, freed in ReleaseHandle.
    private NativeStrings(IReadOnlyList<string> strings)
        : base(0, ownsHandle: true)
    {
        byte[][] encoded = new byte[strings.Count][];
        nuint size = (nuint)((strings.Count + 1) * sizeof(byte*));
        for (int i = 0; i < strings.Count; i++)
        {
            encoded[i] = PathMarshaller.ToBytes(strings[i]);
            size += (nuint)encoded[i].Length;
        }

        byte** vector = (byte**)NativeMemory.Alloc(size);
        byte* text = (byte*)(vector + strings.Count + 1);
        for (int i = 0; i < encoded.Length; i++)
        {
            vector[i] = text;
            encoded[i].CopyTo(new Span<byte>(text, encoded[i].Length));
            text += encoded[i].Length;
        }

        vector[strings.Count] = null;
        SetHandle((nint)vector);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The first pointer of the vector; valid until this is disposed of.</summary>
    internal byte** Pointer => (byte**)handle;

    /// <summary>The environment of this process, as libc keeps it.</summary>
    internal static byte** OfThisProcess => *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");

    /// <summary>Copies these strings.</summary>
    internal static NativeStrings Make(IReadOnlyList<string> strings) => new(strings);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
