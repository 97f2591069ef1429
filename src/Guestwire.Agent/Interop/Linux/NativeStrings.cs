using System.Runtime.InteropServices;
using System.Text;

namespace Guestwire.Agent.Interop.Linux;

/// <summary>A null-terminated vector of null-terminated strings, as execve(2) takes them: one block of memory.</summary>
internal sealed unsafe class NativeStrings : SafeHandle
{
    // Unsafe: the block is allocated for the exact size of pointers and bytes together, written once here, freed in ReleaseHandle.
    private NativeStrings(int count, ReadOnlySpan<byte> block)
        : base(0, ownsHandle: true)
    {
        byte** vector = (byte**)NativeMemory.Alloc((nuint)(((count + 1) * sizeof(byte*)) + block.Length));
        byte* text = (byte*)(vector + count + 1);
        block.CopyTo(new Span<byte>(text, block.Length));
        for (int i = 0; i < count; i++)
        {
            vector[i] = text;
            text += new ReadOnlySpan<byte>(text, int.MaxValue).IndexOf((byte)0) + 1;
        }

        vector[count] = null;
        SetHandle((nint)vector);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The first pointer of the vector; valid until this is disposed of.</summary>
    internal byte** Pointer => (byte**)handle;

    /// <summary>The environment of this process, as libc keeps it.</summary>
    internal static byte** OfThisProcess => *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");

    /// <summary>Copies the environment of this process without some variables, each with a zero byte at its end.</summary>
    /// <param name="left">Those that are left out, each as it begins, with <c>=</c>.</param>
    // Unsafe: libc's vector ends with null and each string with a zero; nothing in the agent changes it once it serves.
    internal static byte[] EnvironmentWithout(IReadOnlyList<string> left)
    {
        List<byte> block = [];
        for (byte** variable = OfThisProcess; *variable is not null; variable++)
        {
            ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*variable);
            if (!BeginsWithAny(text, left))
            {
                block.AddRange(text);
                block.Add(0);
            }
        }

        return [.. block];
    }

    private static bool BeginsWithAny(ReadOnlySpan<byte> text, IReadOnlyList<string> beginnings)
    {
        for (int i = 0; i < beginnings.Count; i++)
        {
            if (text.StartsWith(Encoding.ASCII.GetBytes(beginnings[i])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Copies these strings.</summary>
    internal static NativeStrings Make(IReadOnlyList<string> strings)
    {
        List<byte> block = [];
        for (int i = 0; i < strings.Count; i++)
        {
            block.AddRange(PathMarshaller.ToBytes(strings[i]));
        }

        return new NativeStrings(strings.Count, CollectionsMarshal.AsSpan(block));
    }

    /// <summary>Copies strings as /proc shows them, each with a zero byte at its end; bytes that are no UTF-8 pass through unharmed.</summary>
    internal static NativeStrings FromBlock(ReadOnlySpan<byte> block) => new(block.Count((byte)0), block);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
