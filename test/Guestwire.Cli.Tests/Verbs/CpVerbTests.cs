using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Tests.Verbs;

public sealed class CpVerbTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeAgent[] _agents = [FileAgent.Start(), FileAgent.Start(), FileAgent.Start()];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (FakeAgent agent in _agents)
        {
            await agent.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Several_guests_get_a_file_at_once()
    {
        using CountdownEvent begun = HoldUntilAllHaveBegun("guest-file-open");

        CommandOutcome outcome = await RunAsync("cp", Local("file"), "web*:/srv/");

        Assert.Equal((0, "", "3 guests, all done\n"), (outcome.Code, outcome.Output, outcome.Error));
        Assert.All(_agents, agent => Assert.Equal(["/srv/file"], FileAgent.Placed(agent)));
    }

    [Fact]
    public async Task Several_guests_give_their_files_at_once()
    {
        using CountdownEvent begun = HoldUntilAllHaveBegun("guest-file-read");

        CommandOutcome outcome = await RunAsync("cp", "web1:/srv/file1", "web2:/srv/file2", "web3:/srv/file3", _folder.Path);

        Assert.Equal((0, "3 guests, all done\n"), (outcome.Code, outcome.Error));
        Assert.All(Enumerable.Range(1, 3), number => Assert.Equal("some", File.ReadAllText(_folder.File($"file{number}"))));
    }

    [Fact]
    public async Task Not_more_guests_at_once_than_are_allowed()
    {
        int open = 0;
        int most = 0;
        foreach (FakeAgent agent in _agents)
        {
            agent.OnRequest = command =>
            {
                int now = command switch
                {
                    "guest-file-open" => Interlocked.Increment(ref open),
                    "__org.guestwire_file-rename" => Interlocked.Decrement(ref open),
                    _ => 0,
                };
                most = Math.Max(most, now);
            };
        }

        CommandOutcome outcome = await RunAsync("cp", "--parallel", "1", Local("file"), "web*:/srv/copy");

        Assert.Equal((0, 1), (outcome.Code, most));
        Assert.All(_agents, agent => Assert.Equal(["/srv/copy"], FileAgent.Placed(agent)));
    }

    [Fact]
    public async Task What_fails_in_one_guest_does_not_keep_the_others_from_it_and_all_of_it_is_told()
    {
        _agents[0].Fails("guest-file-open", "no room");
        await _agents[1].DisposeAsync();

        CommandOutcome text = await RunAsync("cp", Local("file"), "web*:/srv/");
        CommandOutcome json = await RunAsync("cp", "--json", Local("file"), "web*:/srv/");

        Assert.Equal(ExitCode.Partly, text.Code);
        Assert.Contains($"guestwire: web1: {Local("file")}: no room\n", text.Error, StringComparison.Ordinal);
        Assert.Contains("\nguestwire: web2: ", text.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n3 guests, 2 failed\n", text.Error, StringComparison.Ordinal);
        Assert.Equal(
            [("web1", ExitCode.Failed, 1), ("web2", ExitCode.Unreachable, 0), ("web3", ExitCode.Done, 1)],
            json.JsonLines.Select(line => (line.GetProperty("guest").GetString(), line.GetProperty("status").GetInt32(), line.GetProperty("result").GetArrayLength())));
        Assert.True(json.JsonLines[1].TryGetProperty("error", out _));
        Assert.Equal("no room", json.JsonLines[0].GetProperty("result")[0].GetProperty("errors")[0].GetProperty("error").GetString());
    }

    [Fact]
    public async Task Guests_that_fail_alike_have_one_exit_code()
    {
        foreach (FakeAgent agent in _agents)
        {
            agent.Fails("guest-file-open", "no room");
        }

        Assert.Equal(ExitCode.Failed, (await RunAsync("cp", Local("file"), "web*:/srv/")).Code);
    }

    [Fact]
    public async Task One_guest_has_one_value_as_json_and_no_summary()
    {
        CommandOutcome outcome = await RunAsync("cp", "--json", Local("file1"), Local("file2"), "web1:/srv");

        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Equal(["web1:/srv", "web1:/srv"], outcome.Json.EnumerateArray().Select(copy => copy.GetProperty("target").GetString()));
        Assert.Equal(["/srv/file1", "/srv/file2"], FileAgent.Placed(_agents[0]));
    }

    [Fact]
    public async Task Several_files_want_a_directory_and_do_not_become_one_file()
    {
        CommandOutcome there = await RunAsync("cp", Local("file1"), Local("file2"), "web1:/tmp/none");
        CommandOutcome here = await RunAsync("cp", "web1:/srv/file1", "web2:/srv/file2", _folder.File("none"));

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (there.Code, here.Code));
        Assert.Equal("guestwire: web1:/tmp/none is no directory, so only one file can go there\n", there.Error);
        Assert.Empty(FileAgent.Placed(_agents[0]));
        Assert.False(File.Exists(_folder.File("none")));
    }

    [Fact]
    public async Task Files_of_several_guests_with_one_name_are_refused()
    {
        CommandOutcome outcome = await RunAsync("cp", "web1:/srv/file", "web2:/tmp/file", _folder.Path);

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("web1:/srv/file and web2:/tmp/file", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task On_a_terminal_each_copy_is_told_of_in_the_order_of_the_guests()
    {
        CommandOutcome outcome = await RunAsync(isTerminal: true, "cp", Local("file"), "web*:/srv/");

        // The bars are gone from the screen, not from what was written.
        string[] lines = [.. outcome.Error.Split('\n').Where(line => line.Contains(" -> ", StringComparison.Ordinal) || line.Contains(" all done", StringComparison.Ordinal))];
        Assert.Equal(
            [$"{Local("file")} -> web1:/srv/: 1 files, 4 bytes", $"{Local("file")} -> web2:/srv/: 1 files, 4 bytes", $"{Local("file")} -> web3:/srv/: 1 files, 4 bytes", "3 guests, all done"],
            lines.Select(line => line[Math.Max(0, line.IndexOf(_folder.Path, StringComparison.Ordinal))..].Split(" in ")[0]));
        Assert.DoesNotContain(" -> ", (await RunAsync(isTerminal: true, "cp", "-q", Local("file"), "web*:/srv/")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_its_owners_alone_from_its_first_moment()
    {
        Assert.Equal(0, (await RunAsync("cp", Local("file1"), "web1:/srv/")).Code);
        Assert.Equal(0, (await RunAsync("cp", "-r", Path.GetDirectoryName(Local("file2"))!, "web1:/srv/")).Code);

        Assert.Equal([0x180, 0x180, 0x180], FileAgent.Opened(_agents[0]));
    }

    /// <summary>None of the agents answers a command before all have been asked for it.</summary>
    private CountdownEvent HoldUntilAllHaveBegun(string held)
    {
        CountdownEvent begun = new(_agents.Length);
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (FakeAgent agent in _agents)
        {
            agent.HoldsRepliesUntil(all.Task, command => command == held);
            agent.OnRequest = command =>
            {
                if (command == held && begun.Signal())
                {
                    all.SetResult();
                }
            };
        }

        return begun;
    }

    private Task<CommandOutcome> RunAsync(params string[] arguments) => RunAsync(isTerminal: false, arguments);

    private Task<CommandOutcome> RunAsync(bool isTerminal, params string[] arguments) => Command.RunAsync(
        new CommandSurroundings
        {
            Sources = [new FixedGuests([.. _agents.Select((agent, index) => new Target($"web{index + 1}", GuestTransport.Parse(agent.Target)))])],
            IsTerminal = isTerminal,
        },
        arguments);

    /// <summary>A file of the host.</summary>
    private string Local(string name)
    {
        string path = _folder.File($"local/{name}");
        return File.Exists(path) ? path : _folder.Write($"local/{name}", "some");
    }
}
