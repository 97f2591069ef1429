using System.Runtime.Versioning;
using System.Text;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.Daemon.Privilege;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Daemon;

/// <summary>The process: reads its options, prints what it is asked to print, or wires the agent and runs it.</summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        if (!OperatingSystem.IsLinux())
        {
            return ExitStatus.Failure;
        }

        if (words is [UserLauncher.Word])
        {
            return UserLauncher.Run();
        }

        string name = Environment.GetCommandLineArgs()[0];
        var reader = new OptionsReader(
            name,
            Environment.GetEnvironmentVariable("QGA_CONF"),
            posixlyCorrect: Environment.GetEnvironmentVariable("POSIXLY_CORRECT") is not null);

        StartRequest request = reader.Read(words);
        foreach (string complaint in request.Complaints)
        {
            StandardStream.Complain(complaint);
        }

        return request switch
        {
            StartRequest.Start start => new Launch(name, Wire).Start(start),
            StartRequest.ShowHelp => Print(HelpText.Write(name)),
            StartRequest.ShowVersion => Print($"QEMU Guest Agent {Versions.Protocol}\n"),
            StartRequest.TestPolicy test => PolicyTest.Run(test.Request, test.Options),
            StartRequest.ShowSystemdDropIn show => Print(SystemdDropIn.Write(show.Options)),
            StartRequest.ShowFreezePlan plan => ShowFreezePlan(plan.Options),
            StartRequest.ListCommands => Print(CommandNames()),
            StartRequest.Refuse refusal => Launch.Refuse(refusal.Reason),
            _ => Print($"Unknown option, try '{name} --help' for more information.\n", ExitStatus.Failure),
        };
    }

    /// <summary>The whole agent, each part given what it needs. Filesystems that a dead agent left frozen thaw before anything is written.</summary>
    /// <exception cref="IOException">The state directory cannot be used.</exception>
    [SupportedOSPlatform("linux")]
    private static AgentServer Wire(AgentSettings settings, IAgentLog log)
    {
        var loop = new EventLoop();
        var helper = new HelperProgram();
        var mounts = new MountTable();
        var frozen = new FreezeState();
        var hooks = new FreezeHooks(
            settings.FsfreezeHook, new HookDirectory(settings.Freeze.HookDirectory), settings.Freeze.HookTimeout, helper, log);
        var freezer = new TimedFreezer(new FilesystemFreezer(), settings.Freeze, TimeProvider.System, log);
        var activity = new HostActivity(loop.Time);
        var freeze = new FreezeEngine(
            new HeldFilesystems(Planner(mounts, settings.Freeze), freezer, log),
            freezer,
            hooks,
            new DiskSilence(new FreezeMarker(settings.StateDirectory), frozen, log, loop.WaitForRound),
            new FreezeAlarm(settings.Freeze, activity, loop),
            log);
        freeze.TakeOver();

        var policy = new CommandPolicy(
            new LinuxCapabilities(), settings.BlockedCommands, settings.AllowedCommands, settings.Rules, frozen);
        var access = new AccessPolicy(new AccessJudge(settings.Rules), log);
        var audit = new RequestAudit(log, TimeProvider.System, ChannelMethodNames.Of(settings.Method));
        var programs = new ExecTable(loop);
        var groups = new CommandGroups
        {
            Sync = new SyncCommands(policy, settings.ReportedVersion, log),
            Time = new TimeCommands(TimeProvider.System, new WallClock(helper), log),
            File = new FileCommands(new FileHandleTable(HandleCounter.Load(settings.StateDirectory, freeze.IsSilent), FileHandleTable.MaxFilesOfProcess()), access, log),
            Exec = new ExecCommands(new LinuxProgramStarter(), programs, access, log),
            Filesystem = new FilesystemCommands(new StorageFacts(mounts), new FilesystemTrimmer(mounts), log),
            Fsfreeze = new FsfreezeCommands(freeze),
            Cpu = new CpuCommands(new ProcessorFacts(), new ProcessorSwitch()),
            Memory = new MemoryCommands(new MemoryFacts(), new MemorySwitch()),
            Network = new NetworkCommands(new NetworkFacts()),
            Device = new DeviceCommands(),
            System = new SystemCommands(new SystemFacts(TimeProvider.System, settings.OsReleasePath)),
            User = new UserCommands(new UserFacts(), new Chpasswd(helper), access),
            Power = new PowerCommands(new PowerControl(helper), log),
            Ssh = new SshCommands(new AccountDatabase(), new AuthorizedKeysFile(), access),
            OrgGuestwire = new OrgGuestwireCommands(
                new ExecStreamCommands(programs), new FileTreeCommands(access, log), new MemoryUse(), new ProcessFacts()),
        };
        return new AgentServer(settings, log, loop, new RequestHandler(new CommandDispatcher(groups), policy, audit, activity, log), freeze);
    }

    [SupportedOSPlatform("linux")]
    private static FreezePlanner Planner(MountTable mounts, FreezeSettings settings) => new(mounts, new LoopDevices(), new FreezeChoice(settings));

    [SupportedOSPlatform("linux")]
    private static int ShowFreezePlan(AgentOptions options)
    {
        var mounts = new MountTable();
        try
        {
            return Print(FreezePlanText.Write(Planner(mounts, options.Freeze).Plan(), mounts.ReadOthers()));
        }
        catch (QapiException failure)
        {
            StandardStream.Complain(failure.Message);
            return ExitStatus.Failure;
        }
    }

    /// <summary>The commands of this platform, one a line, in the reference's order.</summary>
    private static string CommandNames()
    {
        var lines = new StringBuilder();
        foreach (CommandId id in ListingOrder.All)
        {
            CommandInfo command = CommandTable.Get(id);
            if (command.Platforms.HasFlag(CommandPlatforms.Linux))
            {
                lines.Append(command.Name).Append('\n');
            }
        }

        return lines.ToString();
    }

    [SupportedOSPlatform("linux")]
    private static int Print(string text, int status = ExitStatus.Success)
    {
        StandardStream.Print(text);
        return status;
    }
}
