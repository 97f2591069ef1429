using Guestwire.Agent.Daemon.Options;

namespace Guestwire.Agent.Daemon.Tests.Options;

public sealed class RpcListTests
{
    [Theory]
    [InlineData("a,b,c", "c,b,a")]
    [InlineData("a, b", " b,a")]
    [InlineData("a;b ,c", "c,a;b ")]
    [InlineData("a,,b,", ",b,,a")]
    public void A_list_is_split_at_commas_only_and_kept_back_to_front(string text, string expected) =>
        Assert.Equal(expected, string.Join(',', RpcList.Append([], text)));

    [Fact]
    public void Later_lists_come_behind_earlier_ones() =>
        Assert.Equal(["c", "b", "a", "d"], RpcList.Append(RpcList.Append([], "a,b,c"), "d"));

    [Fact]
    public void An_empty_list_has_an_empty_item_so_that_it_allows_nothing() => Assert.Equal([""], RpcList.Append([], ""));
}
