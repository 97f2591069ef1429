using System.Runtime.Versioning;
using Guestwire.Agent.Channels;
using Guestwire.Agent.Daemon.Logging;
using Guestwire.Agent.Daemon.Options;

namespace Guestwire.Agent.Daemon;

/// <summary>
/// The agent from its first open to its end: channel, pid file, background, loop. The channel comes before the background, so
/// that whoever starts a daemon learns that there is no channel.
/// </summary>
/// <param name="server">The agent, wired.</param>
/// <param name="options">The options, complete.</param>
/// <param name="background">Set in a process that is to go to the background.</param>
/// <param name="log">The log.</param>
[SupportedOSPlatform("linux")]
internal sealed class AgentRun(AgentServer server, AgentOptions options, BackgroundStart? background, DaemonLog log)
{
    private static readonly TimeSpan s_retryPause = TimeSpan.FromSeconds(5); // as in the reference

    /// <summary>Serves until a signal or the loss of the channel ends it.</summary>
    /// <param name="signals">The signals that end it.</param>
    /// <returns>The exit status.</returns>
    public int Serve(Signals signals)
    {
        bool isOpen = TryOpen();
        if (!isOpen && !options.RetryPath)
        {
            return ExitStatus.Failure;
        }

        // A daemon that will try again is up: whoever starts it at boot must not wait for a device to appear.
        PidFile? pidFile = null;
        string? reason = null;
        try
        {
            if (background is not null)
            {
                server.WhenThawed(() =>
                {
                    pidFile = PidFile.TryCreate(options.PidFile, Environment.ProcessId, out reason);
                    if (reason is not null)
                    {
                        log.Log(LogLevel.Critical, reason);
                    }
                });
            }

            if (reason is not null)
            {
                return ExitStatus.Failure;
            }

            background?.Detach();
            return Serve(isOpen, signals);
        }
        finally
        {
            pidFile?.Dispose();
        }
    }

    private int Serve(bool isOpen, Signals signals)
    {
        while (!isOpen)
        {
            log.Log(LogLevel.Warning, "waiting for channel path...");
            if (Signals.WaitForStop(s_retryPause) is { } signal)
            {
                log.Log(LogLevel.Debug, $"received signal num {signal}, quitting");
                return ExitStatus.Failure;
            }

            isOpen = TryOpen();
        }

        return server.Run((int)signals.Descriptor.DangerousGetHandle());
    }

    private bool TryOpen()
    {
        try
        {
            server.OpenChannel();
            return true;
        }
        catch (ChannelException failure)
        {
            log.Log(LogLevel.Critical, failure.Message);
            log.Log(LogLevel.Critical, "failed to create guest agent channel");
            log.Log(LogLevel.Critical, "failed to initialize guest agent channel");
            return false;
        }
    }
}
