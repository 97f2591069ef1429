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

    /// <summary>Reads a command line. An argument that begins with @ is an argument, not the name of a file with more of them.</summary>
    internal static ParseResult Parse(IReadOnlyList<string> arguments) =>
        Build().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });

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
