using Guestwire.Cli.Targets;
using Guestwire.Cli.Tests.Programs;
using Guestwire.Client;

namespace Guestwire.Cli.Tests.Completion;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("freeze", "freez")]
    [InlineData("--max-time", "freeze", "--max")]
    [InlineData("ram", "suspend", "--mode", "r")]
    [InlineData("add", "ssh-key", "ad")]
    [InlineData("web1\nweb2", "ping", "db1", "we")]
    [InlineData("web1\nweb2", "freeze", "--max-time", "5", "we")]
    [InlineData("", "exec", "web1", "--", "we")]
    [InlineData("web1:/\nweb2:/", "cat", "we")]
    [InlineData("db1:/", "cp", "-r", "./site", "d")]
    [InlineData("", "cp", "./si")]
    [InlineData("", "complet", "x")]
    public async Task A_word_becomes_what_may_stand_there(string expected, params string[] words)
    {
        Assert.Equal(expected.Split('\n', StringSplitOptions.RemoveEmptyEntries), await CompleteAsync([Known("web1"), Known("web2"), Known("db1")], words));
    }

    [Fact]
    public async Task Hidden_verbs_stay_hidden()
    {
        string[] verbs = await CompleteAsync([], "");

        Assert.Contains("exec", verbs);
        Assert.DoesNotContain("complete", verbs);
        Assert.DoesNotContain("manual", verbs);
    }

    [Fact]
    public async Task Files_in_a_guest_complete_behind_its_name_and_folders_have_a_slash()
    {
        await using FakeAgent agent = Guest();
        Target web1 = new("web1", GuestTransport.Parse(agent.Target));

        Assert.Equal(["web1:/etc/home dir/", "web1:/etc/hosts"], await CompleteAsync([web1], "cat", "web1:/etc/ho"));
        Assert.Equal(["web1:/etc/.hidden"], await CompleteAsync([web1], "ping", "web1:/etc/."));
        Assert.Equal([$"{agent.Target}:/etc/hosts"], await CompleteAsync([], "ping", $"{agent.Target}:/etc/hos"));
    }

    [Fact]
    public async Task A_guest_that_says_nothing_is_not_waited_for()
    {
        await using FakeAgent agent = FakeAgent.Start().IsSilent();
        Target web1 = new("web1", GuestTransport.Parse(agent.Target));

        Assert.Empty(await CompleteAsync("0.01", [web1], "ping", "web1:/etc/ho"));
    }

    [Fact]
    public async Task In_bash_words_with_colons_complete_too()
    {
        await using FakeAgent agent = Guest();
        using TemporaryFolder folder = new();
        string configuration = folder.Write("config", $"[guests]\nweb1 = {agent.Target}\nweb2 = unix:/nonexistent\n");

        string[] lines = await Shell.RunAsync("bash", configuration, """
            t() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _guestwire guestwire; (IFS='|'; echo "${COMPREPLY[*]}"); }
            t guestwire pi
            t guestwire ping we
            t guestwire cat web1 : /etc/ho
            t guestwire ping web1:/etc/hos
            complete -p guestwire
            """);

        Assert.Equal(["ping", "web1|web2", "/etc/home\\ dir/|/etc/hosts", "web1:/etc/hosts"], lines[..4]);
        Assert.Equal("complete -o bashdefault -o default -F _guestwire guestwire", lines[4]);
    }

    [Fact]
    public async Task Fish_completes()
    {
        using TemporaryFolder folder = new();
        string configuration = folder.Write("config", "[guests]\nweb1 = unix:/nonexistent\n");

        Assert.Equal(["web1"], await Shell.RunAsync("fish", configuration, "complete --do-complete 'guestwire ping we'"));
    }

    [Fact]
    public async Task Zsh_takes_the_script()
    {
        using TemporaryFolder folder = new();
        string configuration = folder.Write("config", "");

        Assert.Equal(["_guestwire"], await Shell.RunAsync("zsh", configuration, "echo ${_comps[guestwire]}"));
    }

    private static Target Known(string name) => new(name, GuestTransport.Parse("unix:/nonexistent"), "running");

    internal static FakeAgent Guest() => FakeAgent.Start()
        .Returns("__org.guestwire_file-stat", "{}")
        .Returns("__org.guestwire_file-list", $$"""{"undecodable": 0, "entries": [{{Entry("hosts", "regular")}}, {{Entry("home dir", "directory")}}, {{Entry(".hidden", "regular")}}, {{Entry("passwd", "regular")}}]}""");

    private static string Entry(string name, string type) =>
        $$"""
        {"name": "{{name}}", "status": { "type": "{{type}}", "mode": 420, "user-id": 0, "group-id": 0, "size-bytes": 0, "allocated-bytes": 0,
         "modified-ns": 0, "accessed-ns": 0, "changed-ns": 0, "links": 1, "device": 1, "inode": 1 } }
        """;

    private static async Task<string[]> CompleteAsync(Target[] guests, params string[] words) => await CompleteAsync("60", guests, words);

    private static async Task<string[]> CompleteAsync(string patience, Target[] guests, params string[] words)
    {
        ProgramOutcome outcome = await new ProgramCall { Guests = guests }.RunAsync(["complete", "--patience", patience, "--", .. words]);
        return [.. outcome.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0])];
    }
}
