namespace Qapi.Tests;

public sealed class CSharpNameTests
{
    [Theory]
    [InlineData("guest-file-read", "GuestFileRead")]
    [InlineData("supported_commands", "SupportedCommands")]
    [InlineData("buf-b64", "BufB64")]
    [InlineData("GuestPCIAddress", "GuestPCIAddress")]
    [InlineData("__org.guestwire_follow", "OrgGuestwireFollow")]
    [InlineData("4th", "_4th")]
    public void Names_follow_the_wire(string wireName, string expected) => Assert.Equal(expected, CSharpName.Of(wireName));

    [Fact]
    public void Arguments_are_named_after_their_command() =>
        Assert.Equal("GuestFileReadArguments", CSharpName.OfArguments("guest-file-read"));
}
