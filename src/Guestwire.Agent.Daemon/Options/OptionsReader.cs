using System.Runtime.Versioning;

namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// Reads the configuration file, then the command line over it: for each key the command line wins, and lists are
/// joined, the file's first. Words act from left to right, so <c>-V --bogus</c> prints the version.
/// </summary>
/// <param name="programName">The process's own zeroth argument.</param>
/// <param name="environmentConfiguration">The value of <c>QGA_CONF</c>, or null.</param>
/// <param name="posixlyCorrect">Whether <c>POSIXLY_CORRECT</c> is set.</param>
[SupportedOSPlatform("linux")]
internal sealed class OptionsReader(string programName, string? environmentConfiguration, bool posixlyCorrect)
{
    /// <summary>Reads the words after the program's name.</summary>
    public StartRequest Read(IReadOnlyList<string> words)
    {
        IReadOnlyList<ParsedOption> parsed = new GetoptLong(programName, CommandLine.Options, posixlyCorrect).Parse(words);

        string? named = null;
        var complaints = new List<string>();
        foreach (ParsedOption option in parsed)
        {
            if (option.Error is not null)
            {
                complaints.Add(option.Error);
            }
            else if (option.Code == 'c')
            {
                named = option.Argument;
            }
        }

        string path = named ?? environmentConfiguration ?? DefaultPaths.Configuration;
        StartRequest request = ConfigurationFile.TryLoad(path, mustExist: named is not null, out ConfigurationFile? file, out string? reason)
            ? Apply(parsed, file)
            : new StartRequest.Refuse($"error loading configuration from path: {path}, {reason}");
        return request with { Complaints = complaints };
    }

    private static StartRequest Apply(IReadOnlyList<ParsedOption> parsed, ConfigurationFile file)
    {
        AgentOptions options = file.Options;
        bool dumpOnly = false;
        bool planOnly = false;
        bool dropIn = false;
        string? tested = null;
        foreach (ParsedOption option in parsed)
        {
            switch (option.Code)
            {
                case 'h':
                    return new StartRequest.ShowHelp();
                case 'V':
                    return new StartRequest.ShowVersion();
                case 'a' or 'b' when option.Argument is "help" or "?":
                    return new StartRequest.ListCommands();
                case CommandLine.FreezePlan:
                    planOnly = true;
                    break;
                case '?':
                    return new StartRequest.UnknownOption();
                case CommandLine.PolicyTest:
                    tested = option.Argument;
                    break;
                case CommandLine.SystemdDropIn:
                    dropIn = true;
                    break;
                case 'D':
                    dumpOnly = true;
                    break;
                default:
                    options = Apply(options, option.Code, option.Argument);
                    break;
            }
        }

        return tested is not null ? new StartRequest.TestPolicy(tested, options)
            : planOnly ? new StartRequest.ShowFreezePlan(options)
            : dropIn ? new StartRequest.ShowSystemdDropIn(options)
            : new StartRequest.Start(options, dumpOnly, file.Warnings);
    }

    private static AgentOptions Apply(AgentOptions options, char code, string? argument) => code switch
    {
        'd' => options with { Daemonize = true },
        'v' => options with { Verbose = true },
        'r' => options with { RetryPath = true },
        'm' => options with { Method = argument! },
        'p' => options with { Path = argument },
        'l' => options with { LogFile = argument },
        'f' => options with { PidFile = argument! },
        'F' => options with { FsfreezeHook = argument ?? DefaultPaths.FsfreezeHook },
        't' => options with { StateDirectory = argument! },
        'b' => options with { BlockRpcs = RpcList.Append(options.BlockRpcs, argument!) },
        'a' => options with { AllowRpcs = RpcList.Append(options.AllowRpcs, argument!) },
        _ => options, // -c, which was heard before all others
    };
}
