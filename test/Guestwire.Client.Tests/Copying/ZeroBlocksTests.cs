using Guestwire.Client.Copying;

namespace Guestwire.Client.Tests.Copying;

public sealed class ZeroBlocksTests
{
    private const int Block = ZeroBlocks.BlockBytes;

    [Fact]
    public void Zeros_are_a_hole_by_whole_blocks_only()
    {
        byte[] bytes = new byte[4 * Block];
        bytes[Block] = 1;

        Assert.Equal(Block, ZeroBlocks.NextRun(bytes, out bool isZero));
        Assert.True(isZero);
        Assert.Equal(Block, ZeroBlocks.NextRun(bytes.AsSpan(Block), out isZero));
        Assert.False(isZero);
        Assert.Equal(2 * Block, ZeroBlocks.NextRun(bytes.AsSpan(2 * Block), out isZero));
        Assert.True(isZero);
    }

    [Fact]
    public void A_block_at_the_end_may_be_shorter()
    {
        byte[] bytes = new byte[Block + 1];

        Assert.Equal(Block + 1, ZeroBlocks.NextRun(bytes, out bool isZero));
        Assert.True(isZero);

        bytes[Block] = 1;
        Assert.Equal(Block, ZeroBlocks.NextRun(bytes, out isZero));
        Assert.True(isZero);
    }

    [Fact]
    public void Content_without_a_block_of_zeros_has_no_hole()
    {
        byte[] bytes = new byte[3 * Block];
        for (int block = 0; block < 3; block++)
        {
            bytes[(block * Block) + 7] = 1;
        }

        Assert.False(ZeroBlocks.Has(bytes));
        Assert.False(ZeroBlocks.Has([]));
        Assert.True(ZeroBlocks.Has(new byte[1]));
    }
}
