namespace Guestwire.Client.Tests;

/// <summary>What people write is held against the grammar before any of it is sent.</summary>
public sealed class RequestTextTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData(" {\"execute\": \"guest-ping\"}\n")]
    [InlineData("{\n\"execute\": \"guest-ping\"\n}")]
    public void One_object_is_a_request(string request) => RequestText.Check(request);

    [Theory]
    [InlineData("")]
    [InlineData("guest-ping")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("{\"execute\": \"guest-ping\"} {}")]
    [InlineData("{\"execute\": 'guest-ping'}")]
    [InlineData("{\"execute\": \"guest-ping\",}")]
    public void Anything_else_is_refused(string request) => Assert.Throws<FormatException>(() => RequestText.Check(request));
}
