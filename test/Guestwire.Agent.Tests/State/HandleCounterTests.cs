using Guestwire.Agent.Commands;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.State;

public sealed class HandleCounterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guestwire-");

    private string StateFile => Path.Combine(_folder.FullName, "qga.state");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_first_handle_is_1000() => Assert.Equal(1000, Next(Load()));

    [Fact]
    public void Handles_count_up_across_blocks()
    {
        HandleCounter counter = Load();

        Assert.Equal(Enumerable.Range(1000, 600).Select(number => (long)number), Enumerable.Range(0, 600).Select(_ => Next(counter)));
    }

    [Fact]
    public void A_block_is_reserved_before_its_first_handle_is_given_out()
    {
        HandleCounter counter = Load();
        Assert.Equal("[global]\nfd_counter=1000\n", File.ReadAllText(StateFile));

        Next(counter);
        Assert.Equal("[global]\nfd_counter=1256\n", File.ReadAllText(StateFile));
    }

    [Fact]
    public void The_next_life_of_the_agent_repeats_no_handle()
    {
        HandleCounter counter = Load();
        long last = Enumerable.Range(0, 300).Select(_ => Next(counter)).Last();

        Assert.True(Next(Load()) > last);
    }

    [Theory]
    [InlineData("[global]\nfd_counter=5000000000\n", 5000000000)]
    [InlineData("[global]\nfd_counter=2147483647\n", 2147483647)]
    [InlineData("[global]\nfd_counter = 77 \n", 77)]
    [InlineData("# a comment\n\n[other]\nfd_counter=5\n[global]\nfd_counter=6\n", 6)]
    [InlineData("[other]\nfd_counter=5\n", 1000)]
    [InlineData("[global]\nfd_counter=-5\n", 1000)]
    [InlineData("[global]\nfd_counter=garbage\n", 1000)]
    [InlineData("[global]\nfd_counter=\n", 1000)]
    [InlineData("[global]\nfd_counter=99999999999999999999\n", 1000)]
    [InlineData("[global]\nfd_counter=9223372036854775807\n", 1000)]
    [InlineData("", 1000)]
    public void The_counter_is_read_or_starts_afresh(string text, long expected)
    {
        File.WriteAllText(StateFile, text);

        Assert.Equal(expected, Next(Load()));
    }

    [Fact]
    public void Handles_pass_the_limit_of_32_bits()
    {
        File.WriteAllText(StateFile, "[global]\nfd_counter=2147483647\n");
        HandleCounter counter = Load();
        Next(counter);

        Assert.Equal(2147483648, Next(counter));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("fd_counter=5")]
    [InlineData("[global]\nno equals sign\n")]
    public void What_is_no_key_file_is_not_overwritten(string text)
    {
        File.WriteAllText(StateFile, text);

        Assert.Throws<IOException>(() => Load());
        Assert.Equal(text, File.ReadAllText(StateFile));
    }

    [Fact]
    public void While_filesystems_are_frozen_the_file_is_not_made()
    {
        HandleCounter counter = HandleCounter.Load(_folder.FullName, isFrozen: true);
        Assert.False(File.Exists(StateFile));

        Assert.Equal(HandleCounter.First, Next(counter));
        Assert.True(File.Exists(StateFile));
    }

    [Fact]
    public void A_missing_state_directory_is_told() =>
        Assert.Throws<IOException>(() => HandleCounter.Load(Path.Combine(_folder.FullName, "missing")));

    [Fact]
    public void When_no_handle_can_be_reserved_the_file_is_not_even_opened()
    {
        string target = Path.Combine(_folder.FullName, "target");
        File.WriteAllText(target, "precious");
        FileCommands commands = new(new FileHandleTable(Load(), 10), AgentParts.NoRules, new RecordedLog());

        // Root may write anywhere, so the obstacle is one that stops root too: a folder in the new file's place.
        Directory.CreateDirectory(StateFile + ".new");
        QapiException error = Assert.Throws<QapiException>(() => commands.GuestFileOpen(new GuestFileOpenArguments { Path = target, Mode = "w" }));

        Assert.Equal("failed to commit persistent state to disk", error.Message);
        Assert.Equal("precious", File.ReadAllText(target));
    }

    private HandleCounter Load() => HandleCounter.Load(_folder.FullName);

    private static long Next(HandleCounter counter)
    {
        counter.Reserve();
        return counter.Take();
    }
}
