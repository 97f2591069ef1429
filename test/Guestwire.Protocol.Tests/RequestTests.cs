using System.Text;
using Guestwire.Protocol.Framing;
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

    [Fact]
    public void An_id_that_no_host_would_send_is_refused_and_not_repeated()
    {
        string id = new('x', FrameLimits.MaxIdBytes - 2);
        Assert.Null(Read($"{{\"id\": \"{id}\", \"execute\": \"guest-ping\"}}", out _));

        Assert.Equal("QMP input member 'id' is too long", Read($"{{\"id\": \"{id}x\", \"execute\": \"guest-ping\"}}", out Request request));
        Assert.True(request.Id.IsAbsent);
    }

    [Fact]
    public void Of_an_endless_name_an_error_repeats_the_beginning_in_whole_characters()
    {
        string name = "x" + string.Concat(Enumerable.Repeat("\\u00e9\u00e8", FrameLimits.MaxQuotedBytes));

        string fault = Read($"{{\"{name}\": 1}}", out _)!;

        Assert.InRange(fault.Length, FrameLimits.MaxQuotedBytes / 8, FrameLimits.MaxQuotedBytes);
        Assert.StartsWith("QMP input member 'x\u00e9\u00e8\u00e9", fault, StringComparison.Ordinal);
        Assert.Matches("^[^\uFFFD\\\\]+[\u00e9\u00e8]' is unexpected$", fault);
    }

    [Theory]
    [InlineData("\\u0065xecute", true)]
    [InlineData("\\u0065\\u0078\\u0065\\u0063\\u0075\\u0074\\u0065", true)]
    [InlineData("\\u0065\\u0078\\u0065\\u0063\\u0075\\u0074\\u0065\\u0065", false)]
    public void A_name_in_escapes_is_compared_whole(string name, bool isKnown) =>
        Assert.Equal(isKnown, Read($"{{\"{name}\": \"guest-ping\"}}", out _) is null);

    private static string? Read(string text, out Request request) => Request.Read(new JsonValue(Encoding.UTF8.GetBytes(text)), out request);
}
