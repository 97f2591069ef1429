using System.Runtime.InteropServices;
using Guestwire.Agent.Interop.Linux;

namespace Guestwire.Agent.Tests.Interop.Linux;

public sealed class NativeStringsTests
{
    [Fact]
    public void Each_string_has_a_pointer_and_the_last_pointer_is_null()
    {
        using NativeStrings vector = NativeStrings.FromBlock("one\0\0three\0"u8);

        Assert.Equal(["one", "", "three"], Read(vector));
    }

    [Fact]
    public void No_string_is_one_null_pointer()
    {
        using NativeStrings vector = NativeStrings.FromBlock([]);

        Assert.Empty(Read(vector));
    }

    [Fact]
    public void A_zero_character_inside_a_string_does_not_cut_it()
    {
        using NativeStrings vector = NativeStrings.Make(["a\0b", "é"]);

        nint[] pointers = Pointers(vector);
        byte[] first = new byte[5];
        Marshal.Copy(pointers[0], first, 0, 5);
        Assert.Equal([(byte)'a', 0xC0, 0x80, (byte)'b', 0], first);
        Assert.Equal("é", Marshal.PtrToStringUTF8(pointers[1]));
    }

    private static IEnumerable<string?> Read(NativeStrings vector) => Pointers(vector).Select(pointer => Marshal.PtrToStringUTF8(pointer));

    private static nint[] Pointers(NativeStrings vector)
    {
        List<nint> pointers = [];
        for (nint at = vector.DangerousGetHandle(); Marshal.ReadIntPtr(at) != 0; at += nint.Size)
        {
            pointers.Add(Marshal.ReadIntPtr(at));
        }

        return [.. pointers];
    }
}
