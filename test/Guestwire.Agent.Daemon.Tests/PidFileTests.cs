namespace Guestwire.Agent.Daemon.Tests;

public sealed class PidFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_file_of_a_dead_agent_is_taken_over()
    {
        string path = _directory.Write("pid", "123456789012\n");
        using PidFile? file = PidFile.TryCreate(path, 42, out string? reason);
        Assert.Null(reason);
        Assert.Equal("42\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_new_file_is_the_owners_alone()
    {
        using PidFile? file = PidFile.TryCreate(_directory["pid"], 42, out _);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory["pid"]));
    }

    [Fact]
    public void It_is_gone_with_its_agent()
    {
        PidFile.TryCreate(_directory["pid"], 42, out _)!.Dispose();
        Assert.False(File.Exists(_directory["pid"]));
    }

    [Fact]
    public void A_second_agent_cannot_have_it()
    {
        using PidFile? first = PidFile.TryCreate(_directory["pid"], 42, out _);
        Assert.Null(PidFile.TryCreate(_directory["pid"], 43, out string? reason));
        Assert.Equal("Cannot lock pid file: Resource temporarily unavailable", reason);
        Assert.Equal("42\n", File.ReadAllText(_directory["pid"]));
    }

    [Fact]
    public void A_third_can_have_it_when_the_first_is_gone()
    {
        PidFile.TryCreate(_directory["pid"], 42, out _)!.Dispose();
        using PidFile? second = PidFile.TryCreate(_directory["pid"], 43, out _);
        Assert.Equal("43\n", File.ReadAllText(_directory["pid"]));
    }

    [Fact]
    public void Reading_the_file_does_not_lose_the_lock()
    {
        using PidFile? first = PidFile.TryCreate(_directory["pid"], 42, out _);
        File.ReadAllText(_directory["pid"]);
        Assert.Null(PidFile.TryCreate(_directory["pid"], 43, out _));
    }

    [Fact]
    public void A_file_whose_place_was_taken_by_another_is_another_lock()
    {
        using PidFile? first = PidFile.TryCreate(_directory["pid"], 42, out _);
        File.Delete(_directory["pid"]);
        using PidFile? second = PidFile.TryCreate(_directory["pid"], 43, out _);
        Assert.NotNull(second);
    }

    [Fact]
    public void Where_no_file_can_be_the_reason_names_it()
    {
        string path = _directory["none/pid"];
        Assert.Null(PidFile.TryCreate(path, 42, out string? reason));
        Assert.Equal($"Could not create '{path}': No such file or directory", reason);
    }

    /// <summary>The reference, and any program that asks for the ordinary kind of lock, must be refused as well.</summary>
    [Fact]
    public void A_lock_of_the_posix_kind_is_refused_too()
    {
        using PidFile? file = PidFile.TryCreate(_directory["pid"], 42, out _);
        using FileStream other = File.Open(_directory["pid"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Assert.Throws<IOException>(() => other.Lock(0, 0));

        file!.Dispose();
        other.Lock(0, 0);
    }
}
