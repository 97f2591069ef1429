using System.CommandLine;
using System.CommandLine.Help;
using Guestwire.Cli.Output;
using Guestwire.Cli.Verbs;

namespace Guestwire.Cli;

/// <summary>The whole command line: every verb in the order in which help lists them.</summary>
internal static class CommandLine
{
    /// <summary>What a verb gets to put things back after Ctrl-C or SIGTERM: time enough to thaw a guest.</summary>
    internal static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(30);

    /// <summary>Builds it.</summary>
    internal static RootCommand Build()
    {
        RootCommand root = new("Reaches into virtual machines through their guest agents: Guestwire's, or QEMU's qemu-ga.");
        foreach (Verb verb in Verbs())
        {
            root.Subcommands.Add(verb.Build());
        }

        foreach (Option option in root.Options)
        {
            if (option is HelpOption help)
            {
                help.Action = new VerbHelp((HelpAction)help.Action!);
            }
        }

        return root;
    }

    /// <summary>Reads a command line. Words that begin with @ are words, since programs' arguments may.</summary>
    internal static ParseResult Parse(IReadOnlyList<string> words) => Build().Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>Carries a command line out.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(ParseResult parsed, Surroundings surroundings)
    {
        int code = await parsed.InvokeAsync(surroundings).ConfigureAwait(false);

        // The library says 1 for a command line that it cannot read.
        return code != ExitCode.Done && parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    /// <summary>What this process has around it. A verb that deals with signals is left alone with them, as long as it takes.</summary>
    internal static Surroundings SurroundingsFor(ParseResult parsed)
    {
        Surroundings surroundings = new();
        if (parsed.CommandResult.Command is VerbCommand { Verb.HandlesSignals: true })
        {
            surroundings.ProcessTerminationTimeout = null;
        }

        return surroundings;
    }

    private static Verb[] Verbs() =>
    [
        new InfoVerb(),
        new ListVerb(),
        new TopVerb(),
        new DoctorVerb(),
        new WaitVerb(),
        new PingVerb(),
        new DfVerb(),
        new DisksVerb(),
        new MemVerb(),
        new CpusVerb(),
        new NetVerb(),
        new UsersVerb(),
        new TimeVerb(),
        new RawVerb(),
        new ExecVerb(),
        new FreezeVerb(),
        new ThawVerb(),
        new TrimVerb(),
        new PasswdVerb(),
        new SshKeyVerb(),
        new ShutdownVerb(),
        new RebootVerb(),
        new SuspendVerb(),
        new CompletionVerb(),
        new CompleteVerb(),
        new ManualVerb(),
    ];
}
