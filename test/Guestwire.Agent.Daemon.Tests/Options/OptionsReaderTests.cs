using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.Policy;

namespace Guestwire.Agent.Daemon.Tests.Options;

public sealed class OptionsReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_option_reaches_its_place()
    {
        AgentOptions options = Start(
            "", "-m", "unix-listen", "-p", "/s", "-l", "/l", "-f", "/p", "-F/h", "-t", "/t", "-vdr", "-b", "x", "-a", "y").Options;

        Assert.Equal(
            new AgentOptions
            {
                Method = "unix-listen",
                Path = "/s",
                LogFile = "/l",
                PidFile = "/p",
                FsfreezeHook = "/h",
                StateDirectory = "/t",
                Verbose = true,
                Daemonize = true,
                RetryPath = true,
                BlockRpcs = options.BlockRpcs,
                AllowRpcs = options.AllowRpcs,
            },
            options);
        Assert.Equal(["x"], options.BlockRpcs);
        Assert.Equal(["y"], options.AllowRpcs);
    }

    [Fact]
    public void Every_key_of_the_file_reaches_its_place()
    {
        AgentOptions options = Start(
            """
            [general]
            daemon=true
            method=isa-serial
            path=/dev/ttyS9
            logfile=/l
            pidfile=/p
            fsfreeze-hook=/h
            statedir=/s
            verbose=1
            retry-path=true
            block-rpcs=guest-ping,guest-exec
            allow-rpcs=guest-sync
            """).Options;

        Assert.Equal(
            """
            [general]
            daemon=true
            method=isa-serial
            path=/dev/ttyS9
            logfile=/l
            pidfile=/p
            fsfreeze-hook=/h
            statedir=/s
            verbose=true
            retry-path=true
            block-rpcs=guest-exec,guest-ping
            allow-rpcs=guest-sync

            """,
            ConfigurationDump.Write(options));
    }

    [Fact]
    public void The_command_line_wins_over_the_file() =>
        Assert.Equal("/line", Start("[general]\npath=/file\n", "-p", "/line").Options.Path);

    [Fact]
    public void The_path_of_the_file_stays_when_only_the_method_changes() =>
        Assert.Equal("/file", Start("[general]\npath=/file\n", "-m", "unix-listen").Options.Path);

    [Fact]
    public void Lists_are_joined_with_the_file_first() =>
        Assert.Equal(["b", "a", "d", "c"], Start("[general]\nblock-rpcs=a,b\n", "-b", "c,d").Options.BlockRpcs);

    [Fact]
    public void The_old_name_of_the_block_list_means_the_same() =>
        Assert.Equal(["x"], Start("", "--blacklist", "x").Options.BlockRpcs);

    [Fact]
    public void Of_equal_options_the_last_wins() => Assert.Equal("b", Start("", "-p", "a", "-p", "b").Options.Path);

    [Fact]
    public void A_hook_without_an_argument_is_the_usual_one() =>
        Assert.Equal("/etc/qemu/fsfreeze-hook", Start("", "-F", "/ignored").Options.FsfreezeHook);

    [Fact]
    public void A_hook_with_an_empty_argument_is_empty() => Assert.Equal("", Start("", "--fsfreeze-hook=").Options.FsfreezeHook);

    [Fact]
    public void Words_act_from_left_to_right()
    {
        Assert.IsType<StartRequest.ShowVersion>(Read("", "-V", "--bogus"));
        Assert.IsType<StartRequest.UnknownOption>(Read("", "--bogus", "-V"));
        Assert.IsType<StartRequest.ShowHelp>(Read("", "-v", "-h", "-V"));
        Assert.IsType<StartRequest.ListCommands>(Read("", "-b", "help", "-V"));
        Assert.IsType<StartRequest.ListCommands>(Read("", "-a", "?"));
        Assert.IsType<StartRequest.ShowVersion>(Read("", "-D", "-V"));
    }

    [Fact]
    public void Help_among_other_commands_is_a_command() => Assert.Equal(["x", "help"], Start("", "-b", "help,x").Options.BlockRpcs);

    [Fact]
    public void Every_wrong_word_is_complained_about_once()
    {
        StartRequest request = Read("", "-V", "--bogus", "-Z");
        Assert.Equal(["prog: unrecognized option '--bogus'", "prog: invalid option -- 'Z'"], request.Complaints);
    }

    [Fact]
    public void A_named_file_beats_the_environment_and_the_last_named_wins()
    {
        string first = _directory.Write("first", "[general]\npath=/first\nlogfile=/l\n");
        string last = _directory.Write("last", "[general]\npath=/last\n");
        AgentOptions options = Start("[general]\npath=/environment\n", "-c", first, "-v", "--config", last).Options;
        Assert.Equal("/last", options.Path);
        Assert.Null(options.LogFile);
    }

    [Fact]
    public void A_missing_file_of_the_environment_is_an_empty_one()
    {
        StartRequest request = new OptionsReader("prog", _directory["none"], posixlyCorrect: false).Read([]);
        Assert.Equal("virtio-serial", Assert.IsType<StartRequest.Start>(request).Options.Method);
    }

    [Fact]
    public void A_missing_file_that_was_named_is_refused()
    {
        string path = _directory["none"];
        var refusal = Assert.IsType<StartRequest.Refuse>(Read("", "-c", path));
        Assert.Equal($"error loading configuration from path: {path}, No such file or directory", refusal.Reason);
    }

    [Fact]
    public void A_directory_is_no_file()
    {
        string path = Path.GetDirectoryName(_directory["x"])!;
        StartRequest request = new OptionsReader("prog", path, posixlyCorrect: false).Read([]);
        Assert.Equal(
            $"error loading configuration from path: {path}, Not a regular file", Assert.IsType<StartRequest.Refuse>(request).Reason);
    }

    [Fact]
    public void A_broken_file_is_refused_before_anything_else()
    {
        var refusal = Assert.IsType<StartRequest.Refuse>(Read("[general]\nverbose=yes\n", "-V"));
        Assert.EndsWith("/conf, Key file contains key 'verbose' which has a value that cannot be interpreted.", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_nobody_reads_are_warned_about() => Assert.Equal(
        [
            "configuration: nobody reads key 'blacklist' of group 'general'",
            "configuration: nobody reads key 'path' of group 'other'",
        ],
        Start("[general]\nblacklist=x\nverbose=1\n[other]\npath=/x\n").Warnings);

    [Fact]
    public void A_drop_in_is_asked_for_with_the_options_around_it()
    {
        var request = Assert.IsType<StartRequest.ShowSystemdDropIn>(Read("[policy]\nprofile=backup\n", "--unit-drop-in", "-b", "guest-fstrim"));

        Assert.Equal(PolicyProfile.Backup, request.Options.Rules.Profile);
        Assert.Equal(["guest-fstrim"], request.Options.BlockRpcs);
    }

    private StartRequest.Start Start(string configuration, params string[] words) =>
        Assert.IsType<StartRequest.Start>(Read(configuration, words));

    private StartRequest Read(string configuration, params string[] words) =>
        new OptionsReader("prog", _directory.Write("conf", configuration), posixlyCorrect: false).Read(words);
}
