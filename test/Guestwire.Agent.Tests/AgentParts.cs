using System.Diagnostics;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests;

/// <summary>An agent's parts, wired as the program wires them, on a clock, a disk and a folder of the test's own. The test turns the loop.</summary>
internal sealed class AgentParts : IDisposable
{
    /// <summary>How long anything may take that takes milliseconds; only a test that fails waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="files">The files; null for the machine's own.</param>
    /// <param name="settings">What is configured about freezes; null for nothing.</param>
    internal AgentParts(IFileCommands? files = null, FreezeSettings? settings = null)
    {
        settings ??= FreezeSettings.Default;
        Loop = new EventLoop(Time);
        UntouchableMachine machine = new();
        FreezeState frozen = new();
        FreezePlanner planner = new(new FixedMounts(new Mount(254, 0, "/", "ext4", "/dev/vda")), new FixedLoopDevices(), new FreezeChoice(settings));
        FreezeHooks hooks = new(null, new FixedHooks(), null, new HelperProgram(), Log);
        TimedFreezer freezer = new(Freezer, settings, TimeProvider.System, Log);
        HostActivity activity = new(Time);
        Freeze = new FreezeEngine(
            new HeldFilesystems(planner, freezer, Log),
            freezer,
            hooks,
            new DiskSilence(new FreezeMarker(Folder.FullName), frozen, Log, Loop.WaitForRound),
            new FreezeAlarm(settings, activity, Loop),
            Log);
        CommandPolicy policy = new(new LinuxCapabilities(), [], [], AccessRules.None, frozen);
        ExecTable programs = new(Loop);
        CommandGroups groups = new()
        {
            Sync = new SyncCommands(policy, "1.2.3", Log),
            Time = new TimeCommands(Time, machine, Log),
            File = files ?? new FileCommands(new FileHandleTable(HandleCounter.Load(Folder.FullName), FileHandleTable.MaxFiles), NoRules, Log),
            Exec = new ExecCommands(new LinuxProgramStarter(), programs, NoRules, Log),
            Filesystem = new FilesystemCommands(Storage, machine, Log),
            Fsfreeze = new FsfreezeCommands(Freeze),
            Cpu = new CpuCommands(new ProcessorFacts(), machine),
            Memory = new MemoryCommands(new MemoryFacts(), machine),
            Network = new NetworkCommands(new NetworkFacts()),
            Device = new DeviceCommands(),
            System = new SystemCommands(new SystemFacts(Time, null)),
            User = new UserCommands(new UserFacts(), new Chpasswd(machine), NoRules),
            Power = new PowerCommands(machine, Log),
            Ssh = new SshCommands(machine, new AuthorizedKeysFile(), NoRules),
            OrgGuestwire = new OrgGuestwireCommands(
                new ExecStreamCommands(programs), new FileTreeCommands(NoRules, Log), new MemoryUse(), new ProcessFacts()),
        };
        Handler = new RequestHandler(new CommandDispatcher(groups), policy, new RequestAudit(Log, Time, "test"), activity, Log);
    }

    /// <summary>Hosts may do everything.</summary>
    internal static AccessPolicy NoRules { get; } = new(new AccessJudge(AccessRules.None), new RecordedLog());

    internal FakeTime Time { get; } = new();

    internal RecordedLog Log { get; } = new();

    internal GatedStorage Storage { get; } = new();

    internal FakeFreezer Freezer { get; } = new();

    internal FreezeEngine Freeze { get; }

    internal EventLoop Loop { get; }

    internal RequestHandler Handler { get; }

    internal DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("guestwire-");

    /// <summary>A path in the folder.</summary>
    internal string this[string name] => Path.Combine(Folder.FullName, name);

    /// <summary>Turns the loop as long as there is something to do at once.</summary>
    internal void Turn()
    {
        // What a local socket or pipe will bring is there already; some requests need a few rounds.
        for (int round = 0; round < 64; round++)
        {
            Loop.RunOnce(0);
        }
    }

    /// <summary>Turns the loop, waiting for threads and programs, until something is so.</summary>
    /// <remarks>
    /// Also for the end of a connection: while another test starts a program, that program has our descriptors until its exec, and what
    /// is closed here stays open there.
    /// </remarks>
    internal void TurnUntil(Func<bool> condition)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, "waited in vain");
            Loop.RunOnce(timeoutMilliseconds: 100);
        }
    }

    /// <summary>Waits until something is so, without the loop.</summary>
    internal static void WaitUntil(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience), "waited in vain");

    /// <inheritdoc/>
    public void Dispose()
    {
        Storage.Dispose();
        Freezer.Dispose();
        Loop.Dispose();
        Folder.Delete(recursive: true);
    }
}
