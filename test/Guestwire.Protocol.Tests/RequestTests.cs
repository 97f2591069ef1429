using System.Text;
using Guestwire.Protocol.Json;

namespace Guestwire.Protocol.Tests;

public sealed class RequestTests
{
    [Fact]
    public void A_request_has_a_command_and_may_have_arguments_and_an_id()
    {
        Assert.Null(Read("{\"id\": [1], \"arguments\": {\"a\": 1}, \"execute\": \"guest-ping\"}", out Request request));
        Assert.Equal("guest-ping", request.Command.GetString());
        Assert.Equal("{\"a\": 1}", Encoding.UTF8.GetString(request.Arguments.Text));
        Assert.Equal("[1]", Encoding.UTF8.GetString(request.Id.Text));
    }

    [Fact]
    public void Names_may_be_written_with_escapes() =>
        Assert.Null(Read("{'\\u0065xecute': 'guest-ping'}", out _));

    [Theory]
    [InlineData("[]", "QMP input must be a JSON object")]
    [InlineData("{}", "QMP input lacks member 'execute'")]
    [InlineData("{\"execute\": 1}", "QMP input member 'execute' must be a string")]
    [InlineData("{\"execute\": \"x\", \"arguments\": null}", "QMP input member 'arguments' must be an object")]
    [InlineData("{\"exec-oob\": \"x\"}", "QMP input member 'exec-oob' is unexpected")]
    [InlineData("{\"foo\": 1, \"arguments\": 1, \"execute\": 1, \"control\": 1}", "QMP input member 'control' is unexpected")]
    [InlineData("{\"foo\": 1, \"arguments\": 1, \"execute\": 1}", "QMP input member 'execute' must be a string")]
    [InlineData("{\"foo\": 1, \"arguments\": 1}", "QMP input member 'arguments' must be an object")]
    [InlineData("{\"exec-oob\": 1, \"bogus\": 1}", "QMP input member 'bogus' is unexpected")]
    public void Of_several_faults_the_one_that_hosts_always_saw_is_told(string text, string fault) =>
        Assert.Equal(fault, Read(text, out _));

    [Fact]
    public void A_fault_still_carries_the_id()
    {
        Assert.NotNull(Read("{\"id\": 7, \"execute\": 1}", out Request request));
        Assert.Equal("7", Encoding.UTF8.GetString(request.Id.Text));
    }

    private static string? Read(string text, out Request request) => Request.Read(new JsonValue(Encoding.UTF8.GetBytes(text)), out request);
}
