using Guestwire.Agent.Platform;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.State;

public sealed class FreezeHooksTests
{
    private readonly RecordedLog _log = new();
    private readonly FixedHooks _directory = new("10-a", "20-b", "30-c");
    private readonly NotedCalls _helper = new();

    [Fact]
    public void The_program_is_told_first_then_the_folder_in_order_and_the_thaw_in_reverse()
    {
        FreezeHooks hooks = Create("/program");

        hooks.BeforeFreeze();
        hooks.AfterThaw();

        Assert.Equal(
            [
                "/program freeze", "/hooks.d/10-a freeze", "/hooks.d/20-b freeze", "/hooks.d/30-c freeze",
                "/hooks.d/30-c thaw", "/hooks.d/20-b thaw", "/hooks.d/10-a thaw", "/program thaw",
            ],
            _helper.Calls);
    }

    [Fact]
    public void One_that_fails_stops_the_others_and_is_told_of_the_thaw_with_those_before_it()
    {
        _helper.Ends["/hooks.d/20-b freeze"] = new HelperEnd(3, "no\nwater\n");
        FreezeHooks hooks = Create();

        QapiException error = Assert.Throws<QapiException>(() => hooks.BeforeFreeze());
        hooks.AfterThaw();

        Assert.Equal("fsfreeze hook '/hooks.d/20-b': child process has failed to execute fsfreeze hook: no\nwater", error.Message);
        Assert.Contains(error.Message, _log.Text, StringComparison.Ordinal);
        Assert.Equal(["/hooks.d/10-a freeze", "/hooks.d/20-b freeze", "/hooks.d/20-b thaw", "/hooks.d/10-a thaw"], _helper.Calls);
    }

    [Fact]
    public void A_thaw_that_fails_does_not_keep_the_others_from_theirs_and_the_first_failure_is_told()
    {
        _helper.Ends["/hooks.d/30-c thaw"] = new HelperEnd(1, "first");
        _helper.Ends["/hooks.d/10-a thaw"] = new HelperEnd(1, "second");
        _helper.Ends["/program thaw"] = new HelperEnd(1, "third");
        FreezeHooks hooks = Create("/program");
        hooks.BeforeFreeze();

        QapiException error = Assert.Throws<QapiException>(hooks.AfterThaw);

        Assert.EndsWith("'/hooks.d/30-c': child process has failed to execute fsfreeze hook: first", error.Message, StringComparison.Ordinal);
        Assert.Equal(["/hooks.d/30-c thaw", "/hooks.d/20-b thaw", "/hooks.d/10-a thaw", "/program thaw"], _helper.Calls[4..]);
        Assert.All((string[])["first", "second", "third"], text => Assert.Contains(text, _log.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_program_that_fails_keeps_the_folder_from_being_told()
    {
        _helper.Ends["/program freeze"] = new HelperEnd(4, "oops\n");
        FreezeHooks hooks = Create("/program");

        QapiException error = Assert.Throws<QapiException>(() => hooks.BeforeFreeze());
        hooks.AfterThaw();

        Assert.Equal("child process has failed to execute fsfreeze hook: oops\n", error.Message);
        Assert.Equal(["/program freeze", "/program thaw"], _helper.Calls);
    }

    [Fact]
    public void With_one_that_cannot_be_trusted_none_is_run()
    {
        _directory.Untrusted = "30-c";
        FreezeHooks hooks = Create("/program");

        QapiException error = Assert.Throws<QapiException>(() => hooks.BeforeFreeze());

        Assert.Equal("fsfreeze hook '/hooks.d/30-c' is not run: anybody can write it", error.Message);
        Assert.Empty(_helper.Calls);
    }

    [Fact]
    public void A_folder_that_cannot_be_read_stops_the_freeze()
    {
        _directory.IsUnreadable = true;

        Assert.Equal("cannot read the folder", Assert.Throws<QapiException>(() => Create("/program").BeforeFreeze()).Message);

        Assert.Empty(_helper.Calls);
    }

    [Fact]
    public void Only_those_told_of_a_freeze_are_told_of_its_thaw_and_once()
    {
        FreezeHooks hooks = Create();
        hooks.BeforeFreeze();
        _directory.Names.Add("40-d");
        _directory.Names.Remove("10-a");
        _helper.Calls.Clear();

        hooks.AfterThaw();
        hooks.AfterThaw();

        Assert.Equal(["/hooks.d/30-c thaw", "/hooks.d/20-b thaw", "/hooks.d/10-a thaw"], _helper.Calls);
    }

    [Fact]
    public void What_a_dead_agent_may_have_told_is_told_of_the_thaw_but_for_what_cannot_be_trusted()
    {
        _directory.Untrusted = "20-b";
        FreezeHooks hooks = Create("/program");

        hooks.TakeOver();
        hooks.AfterThaw();
        hooks.AfterThaw();

        Assert.Equal(["/hooks.d/30-c thaw", "/hooks.d/10-a thaw", "/program thaw", "/program thaw"], _helper.Calls);
        Assert.Contains("'/hooks.d/20-b' is not run", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_whose_own_folder_it_is_runs_that_itself()
    {
        FreezeHooks hooks = Create("/hooks");

        hooks.BeforeFreeze();
        hooks.TakeOver();
        hooks.AfterThaw();

        Assert.Equal(["/hooks freeze", "/hooks thaw"], _helper.Calls);
    }

    [Fact]
    public void Each_has_its_limit_and_none_more_than_what_is_left_of_the_whole()
    {
        FreezeHooks hooks = Create("/program");
        FakeTime time = new();
        FreezeDeadline deadline = new(new FreezeSettings { FreezeTimeout = TimeSpan.FromSeconds(30) }, time);

        hooks.BeforeFreeze();
        hooks.BeforeFreeze(deadline);
        time.Advance(TimeSpan.FromSeconds(31));
        hooks.BeforeFreeze(deadline);

        Assert.All(_helper.Limits[..4], limit => Assert.Equal(TimeSpan.FromSeconds(60), limit));
        Assert.All(_helper.Limits[4..8], limit => Assert.InRange(limit!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)));
        Assert.All(_helper.Limits[8..], limit => Assert.Equal(TimeSpan.Zero, limit));
    }

    [Fact]
    public void Without_any_limit_there_is_none()
    {
        new FreezeHooks("/program", _directory, null, _helper, _log).BeforeFreeze();

        Assert.All(_helper.Limits, limit => Assert.Null(limit));
    }

    [Fact]
    public void Of_much_output_the_last_lines_are_told()
    {
        _helper.Ends["/hooks.d/10-a freeze"] = new HelperEnd(1, string.Concat(Enumerable.Repeat("chatter\n", 5000)) + "the reason\n");

        QapiException error = Assert.Throws<QapiException>(() => Create().BeforeFreeze());

        Assert.EndsWith("chatter\nthe reason", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1000, 3000);
    }

    private FreezeHooks Create(string? program = null) => new(program, _directory, TimeSpan.FromSeconds(60), _helper, _log);

    /// <summary>Programs that only exist on paper.</summary>
    private sealed class NotedCalls : IHelperProgram
    {
        internal List<string> Calls { get; } = [];

        internal List<TimeSpan?> Limits { get; } = [];

        /// <summary>How a call ends; the others succeed.</summary>
        internal Dictionary<string, HelperEnd> Ends { get; } = [];

        public HelperEnd TryRun(HelperStart start)
        {
            string call = $"{start.Program} {start.Arguments[0]}";
            Calls.Add(call);
            Limits.Add(start.Limit);
            return Ends.GetValueOrDefault(call) ?? new HelperEnd(0, "chatter");
        }
    }
}
