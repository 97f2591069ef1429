using Guestwire.Agent.Commands;

namespace Guestwire.Agent.Tests.Commands;

public sealed class ListingOrderTests
{
    [Fact]
    public void Every_command_is_listed_exactly_once() =>
        Assert.Equal(Enum.GetValues<CommandId>().Order(), ListingOrder.All.ToArray().Order());
}
