namespace Guestwire.Agent.Daemon.Options;

/// <summary>The options of the command line: those of <c>qemu-ga</c>, with the alias that its older releases had, and our own.</summary>
internal static class CommandLine
{
    /// <summary>The code of <c>--policy-test</c>, which has no letter: from the range that Unicode leaves to private use.</summary>
    public const char PolicyTest = '\uE000';

    /// <summary>The code of <c>--freeze-plan</c>, likewise.</summary>
    public const char FreezePlan = '\uE001';

    /// <summary>The code of <c>--unit-drop-in</c>, likewise.</summary>
    public const char SystemdDropIn = '\uE002';

    /// <summary>Every option, once; <see cref="OptionsReader"/> says what each does.</summary>
    public static IReadOnlyList<OptionDefinition> Options { get; } =
    [
        new("help", 'h', OptionArgument.None),
        new("version", 'V', OptionArgument.None),
        new("dump-conf", 'D', OptionArgument.None),
        new("config", 'c', OptionArgument.Required),
        new("logfile", 'l', OptionArgument.Required),
        new("pidfile", 'f', OptionArgument.Required),
        new("fsfreeze-hook", 'F', OptionArgument.Optional),
        new("verbose", 'v', OptionArgument.None),
        new("method", 'm', OptionArgument.Required),
        new("path", 'p', OptionArgument.Required),
        new("daemonize", 'd', OptionArgument.None),
        new("block-rpcs", 'b', OptionArgument.Required),
        new("blacklist", 'b', OptionArgument.Required),
        new("allow-rpcs", 'a', OptionArgument.Required),
        new("statedir", 't', OptionArgument.Required),
        new("freeze-plan", FreezePlan, OptionArgument.None),
        new("policy-test", PolicyTest, OptionArgument.Required),
        new("unit-drop-in", SystemdDropIn, OptionArgument.None),
        new("retry-path", 'r', OptionArgument.None),
    ];
}
