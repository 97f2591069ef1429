using System.Runtime.InteropServices;

namespace Guestwire.Agent.Daemon.Tests;

public sealed class CStringVectorTests
{
    [Fact]
    public void Each_string_has_a_pointer_and_the_last_pointer_is_null()
    {
        var vector = new CStringVector("one\0\0three\0"u8);
        Assert.Equal(4, vector.Pointers.Length);
        Assert.Equal(["one", "", "three", null], vector.Pointers.Select(pointer => Marshal.PtrToStringUTF8(pointer)));
        GC.KeepAlive(vector);
    }

    [Fact]
    public void No_string_is_one_null_pointer() => Assert.Equal([0], new CStringVector([]).Pointers);
}
