using System.Runtime.Versioning;
using Guestwire.Agent.Daemon.Logging;
using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.Daemon.Privilege;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Daemon;

/// <summary>From options to a running agent: all that a shell's caller still sees, then the agent, here or in the background.</summary>
/// <param name="name">The process's own zeroth argument.</param>
/// <param name="build">Wires the agent.</param>
[SupportedOSPlatform("linux")]
internal sealed class Launch(string name, Func<AgentSettings, IAgentLog, AgentServer> build)
{
    /// <summary>Starts what was asked for.</summary>
    /// <returns>The exit status of the process.</returns>
    public int Start(StartRequest.Start start)
    {
        using BackgroundStart? background = BackgroundStart.TakeOver();
        bool taken = background is { HasSocket: true }
            ? SocketActivation.TryTakeFrom(SocketActivation.FirstDescriptor, out ChannelMethod? activated, out string? reason)
            : SocketActivation.TryTake(out activated, out reason);
        if (!taken || !ChannelSelection.TryComplete(start.Options, activated, out AgentOptions options, out reason))
        {
            return Refuse(reason);
        }

        if (start.DumpOnly)
        {
            StandardStream.Print(ConfigurationDump.Write(options));
            return ExitStatus.Success;
        }

        if (options.Daemonize && background is null)
        {
            Signals.LeaveAlone();
            return BackgroundStart.TrySpawn(hasSocket: activated is not null, out reason) ? ExitStatus.Success : Refuse(reason);
        }

        using FileSink lines = options.LogFile is null ? FileSink.Stderr() : FileSink.ToFile(options.LogFile);
        using FileSink? audit = options.Rules.AuditLog is { } auditPath ? FileSink.ToFile(auditPath) : null;
        var log = new DaemonLog(lines, new Syslog(name), audit, TimeProvider.System, options.Verbose);

        // Until it is known that no dead agent left filesystems frozen: opening the log's file might never end.
        log.Hold();
        try
        {
            foreach (string warning in start.Warnings)
            {
                log.Log(LogLevel.Warning, warning);
            }

            AgentOptions absolute = background is null ? options : AbsolutePaths.Of(options, Environment.CurrentDirectory);
            return Run(absolute, activated, background, lines, audit, log);
        }
        finally
        {
            log.Release();
        }
    }

    /// <summary>Says why there will be no agent, in the form of a log line.</summary>
    /// <param name="reason">Null when that has been said.</param>
    /// <returns>The exit status for it.</returns>
    public static int Refuse(string? reason)
    {
        if (reason is not null)
        {
            using FileSink stderr = FileSink.Stderr();
            stderr.Write(LogLine.Format(TimeProvider.System.GetUtcNow(), LogLevel.Critical, reason));
        }

        return ExitStatus.Failure;
    }

    /// <summary>
    /// Large blocks come from the system and go back to it when freed: left alone, glibc raises that limit to the largest block it has
    /// seen, and keeps tens of megabytes. One arena serves all threads: workers are few and short.
    /// </summary>
    private static void KeepNativeHeapSmall()
    {
        _ = Libc.MallOpt(Libc.M_MMAP_THRESHOLD, ByteBuffer.RetainedCapacity);
        _ = Libc.MallOpt(Libc.M_ARENA_MAX, 1);
    }

    private int Run(AgentOptions options, ChannelMethod? activated, BackgroundStart? background, FileSink lines, FileSink? audit, DaemonLog log)
    {
        if (ChannelMethodNames.Parse(options.Method) is not { } method)
        {
            log.Log(LogLevel.Critical, $"unsupported channel method/type: {options.Method}");
            log.Log(LogLevel.Critical, "failed to initialize guest agent channel");
            return ExitStatus.Failure;
        }

        if (PrivilegeDrop.Apply(NeededPrivileges.OfAgent(options)) is { } failure)
        {
            log.Log(LogLevel.Critical, failure);
            return ExitStatus.Failure;
        }

        KeepNativeHeapSmall();
        log.Log(LogLevel.Debug, $"Guest agent version {Versions.Protocol} started");
        using Signals signals = Signals.TakeOver();
        try
        {
            var settings = new AgentSettings
            {
                Method = method,
                Path = options.Path ?? "",
                ListenDescriptor = activated is null ? null : SocketActivation.FirstDescriptor,
                RetryPath = options.RetryPath,
                StateDirectory = options.StateDirectory,
                BlockedCommands = options.BlockRpcs,
                AllowedCommands = options.AllowRpcs,
                Rules = options.Rules,
                Freeze = options.Freeze,
                FsfreezeHook = options.FsfreezeHook,
                ReportedVersion = Versions.Protocol,
                OsReleasePath = Environment.GetEnvironmentVariable("QGA_OS_RELEASE"),
            };
            using AgentServer server = build(settings, log);
            if (!server.IsFrozen)
            {
                if (!lines.TryOpen())
                {
                    return Refuse($"unable to open specified log file: {Errno.Text(Errno.Last)}");
                }

                if (audit is not null && !audit.TryOpen())
                {
                    return Refuse($"unable to open audit log: {Errno.Text(Errno.Last)}");
                }

                log.Release();
            }

            return new AgentRun(server, options, background, log).Serve(signals);
        }
        catch (IOException unusable)
        {
            // The state directory is the one thing besides the channel that must work before there is a host to tell.
            log.Log(LogLevel.Critical, unusable.Message);
            log.Log(LogLevel.Critical, "failed to load persistent state");
            return ExitStatus.Failure;
        }
    }
}
