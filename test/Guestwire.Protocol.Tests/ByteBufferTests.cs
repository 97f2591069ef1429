namespace Guestwire.Protocol.Tests;

public sealed class ByteBufferTests
{
    private const int Large = ByteBuffer.RetainedCapacity + 1;

    [Fact]
    public void A_buffer_that_wipes_overwrites_what_is_consumed()
    {
        using ByteBuffer buffer = Holding("secret, rest"u8, wipes: true);

        buffer.Consume(8);

        Assert.Equal("rest"u8, buffer.Bytes);
        Assert.False(Block(buffer).Contains((byte)'c'));
    }

    [Fact]
    public void A_trimmed_buffer_keeps_its_bytes_and_no_room()
    {
        using ByteBuffer buffer = Holding("12345"u8, wipes: false);
        buffer.Consume(2);

        buffer.TrimExcess();

        Assert.Equal("345"u8, buffer.Bytes);
        Assert.Equal(5, Block(buffer).Length);
        buffer.Consume(3);
        buffer.TrimExcess();
        Assert.Equal(0, Block(buffer).Length);
        buffer.Append("again"u8);
        Assert.Equal("again"u8, buffer.Bytes);
    }

    [Fact]
    public void A_large_buffer_of_which_little_is_left_moves_to_a_small_one()
    {
        using ByteBuffer buffer = Holding([.. new byte[ByteBuffer.BusyCapacity], .. "rest"u8], wipes: false);

        buffer.Consume(ByteBuffer.BusyCapacity);

        Assert.Equal("rest"u8, buffer.Bytes);
        Assert.InRange(Block(buffer).Length, 4, ByteBuffer.RetainedCapacity);
        buffer.Append(" and more"u8);
        Assert.Equal("rest and more"u8, buffer.Bytes);
    }

    [Fact]
    public void A_buffer_that_wipes_overwrites_what_is_cut_off()
    {
        using ByteBuffer buffer = Holding("rest, secret"u8, wipes: true);

        buffer.Truncate(4);

        Assert.Equal("rest"u8, buffer.Bytes);
        Assert.False(Block(buffer).Contains((byte)'c'));
    }

    [Fact]
    public void A_buffer_that_wipes_is_zero_when_cleared()
    {
        using ByteBuffer buffer = Holding("secret"u8, wipes: true);

        buffer.Clear();

        Assert.False(Block(buffer).Contains((byte)'c'));
    }

    [Fact]
    public void A_buffer_that_wipes_leaves_nothing_behind_when_it_moves_its_bytes_to_the_front()
    {
        using ByteBuffer buffer = Holding(new byte[2048], wipes: true);
        buffer.Append("secret"u8);
        buffer.Consume(2048);
        buffer.GetSpan(4096 - 2048);

        Assert.Equal("secret"u8, buffer.Bytes);
        Assert.Equal(1, Block(buffer).Count((byte)'c'));
    }

    [Theory]
    [InlineData(true, 5000)]
    [InlineData(false, 5000)]
    [InlineData(true, Large)]
    [InlineData(false, Large)]
    public void Growing_keeps_the_bytes(bool wipes, int roomBytes)
    {
        using ByteBuffer buffer = Holding("gone, kept"u8, wipes);
        buffer.Consume(6);
        buffer.GetSpan(roomBytes);
        buffer.GetSpan(4 * Large);

        Assert.Equal("kept"u8, buffer.Bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(130)]
    public void Large_buffers_grow_by_any_step_and_keep_every_byte(int megabytes)
    {
        using ByteBuffer buffer = new();
        byte[] piece = new byte[64 * 1024];
        int pieces = megabytes * 16;
        for (int i = 0; i < pieces; i++)
        {
            piece.AsSpan().Fill((byte)(i % 251));
            buffer.Append(piece);
        }

        Assert.Equal(pieces * piece.Length, buffer.Count);
        for (int i = 0; i < pieces; i++)
        {
            Assert.False(buffer.Bytes.Slice(i * piece.Length, piece.Length).ContainsAnyExcept((byte)(i % 251)));
        }

        buffer.Clear();
        Assert.InRange(Block(buffer).Length, 0, ByteBuffer.BusyCapacity);
        buffer.Rest();
        Assert.Equal(0, Block(buffer).Length);
    }

    [Fact]
    public void A_buffer_at_rest_keeps_what_it_holds_in_a_small_block()
    {
        using ByteBuffer buffer = Holding([.. new byte[2 * Large], .. "rest"u8], wipes: true);
        buffer.Consume(2 * Large);

        buffer.Rest();

        Assert.Equal("rest"u8, buffer.Bytes);
        Assert.InRange(Block(buffer).Length, 4, ByteBuffer.RetainedCapacity);
    }

    [Fact]
    public void A_large_block_that_stays_is_overwritten_like_a_small_one()
    {
        using ByteBuffer buffer = Holding([.. new byte[2 * Large], .. "secret"u8], wipes: true);

        buffer.Clear();

        Assert.Equal(ByteBuffer.BusyCapacity, Block(buffer).Length);
        Assert.False(Block(buffer).Contains((byte)'c'));
    }

    [Fact]
    public void A_large_buffer_that_is_trimmed_keeps_its_bytes_and_may_grow_again()
    {
        using ByteBuffer buffer = new();
        byte[] bytes = new byte[3 * 1024 * 1024];
        new Random(5).NextBytes(bytes);
        buffer.Append(bytes);

        buffer.TrimExcess();
        buffer.Append(bytes);

        Assert.Equal(bytes, buffer.Bytes[..bytes.Length]);
        Assert.Equal(bytes, buffer.Bytes[bytes.Length..]);
    }

    [Fact]
    public void A_buffer_that_does_not_wipe_spends_no_time_on_it()
    {
        using ByteBuffer buffer = Holding("public"u8, wipes: false);

        buffer.Clear();

        Assert.True(Block(buffer).StartsWith("public"u8));
    }

    // All of its memory, used or not; zero at first, so that only what the test put there is found.
    private static Span<byte> Block(ByteBuffer buffer) => buffer.GetSpan();

    private static ByteBuffer Holding(ReadOnlySpan<byte> bytes, bool wipes)
    {
        ByteBuffer buffer = new(wipes);
        buffer.GetSpan(1).Clear();
        buffer.Append(bytes);
        return buffer;
    }
}
