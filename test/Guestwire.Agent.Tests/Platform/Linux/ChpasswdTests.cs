using System.Text;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class ChpasswdTests : IHelperProgram
{
    private readonly List<HelperStart> _starts = [];
    private string _read = "";
    private string _commandLine = "cat";

    [Fact]
    public void A_plain_password_is_fed_as_one_line()
    {
        Set("alice", "se:cret");

        Assert.Equal("alice:se:cret\n", _read);
        Assert.Equal("chpasswd", _starts[0].Program);
        Assert.Empty(_starts[0].Arguments);
    }

    [Fact]
    public void A_hashed_password_is_announced_as_such()
    {
        Set("alice", "$6$x$y", crypted: true);

        Assert.Equal("alice:$6$x$y\n", _read);
        Assert.Equal(["-e"], _starts[0].Arguments);
    }

    [Fact]
    public void An_empty_password_is_passed_on()
    {
        Set("alice", "");

        Assert.Equal("alice:\n", _read);
    }

    [Fact]
    public void A_password_of_any_bytes_is_passed_on_unchanged()
    {
        new Chpasswd(this).Set("älice", [0xFF, (byte)'\r', 0x01], crypted: false);

        Assert.Equal("älice:\uFFFD\r\u0001\n", _read);
    }

    [Theory]
    [InlineData("alice", "a\nroot:b", "forbidden characters in raw password")]
    [InlineData("alice", "a\0b", "forbidden characters in raw password")]
    [InlineData("al:ice", "a\nb", "forbidden characters in raw password")]
    [InlineData("al\nice", "a", "forbidden characters in username")]
    [InlineData("al:ice", "a", "forbidden characters in username")]
    [InlineData("alice\0", "a", "forbidden characters in username")]
    public void What_would_change_the_line_is_refused_before_anything_runs(string username, string password, string expected)
    {
        QapiException error = Assert.Throws<QapiException>(() => Set(username, password));

        Assert.Equal(expected, error.Message);
        Assert.Empty(_starts);
    }

    [Fact]
    public void The_words_of_a_refusal_reach_the_host()
    {
        _commandLine = "cat > /dev/null; echo too short; exit 1";

        QapiException error = Assert.Throws<QapiException>(() => Set("alice", "a"));

        Assert.Equal("child process has failed to set user password: too short\n", error.Message);
    }

    /// <summary>Instead of chpasswd, which would do it, a shell gets the same input; what is left of it is looked at.</summary>
    HelperEnd IHelperProgram.TryRun(HelperStart start)
    {
        _starts.Add(start);
        HelperEnd end = new HelperProgram().TryRun(start with { Program = "sh", Arguments = ["-c", _commandLine] });
        Assert.Equal(-1, start.Input.Span.IndexOfAnyExcept((byte)0));
        _read = end.Output;
        return end;
    }

    private void Set(string username, string password, bool crypted = false) =>
        new Chpasswd(this).Set(username, Encoding.UTF8.GetBytes(password), crypted);
}
