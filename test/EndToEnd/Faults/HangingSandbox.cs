using EndToEnd.Play;
using EndToEnd.ProcessSuite;
using EndToEnd.Sandbox;

namespace EndToEnd.Faults;

/// <summary>
/// An agent in a sandbox where guest-fsfreeze-freeze hangs in its hook and guest-set-time in hwclock, until they are let go. Nothing there can
/// be frozen, and no clock can be set.
/// </summary>
internal sealed class HangingSandbox : IAsyncDisposable
{
    private const string Files = SandboxedAgent.FilesFolder;

    private const string Setup =
        $"hangs() {{ printf \"#!/bin/sh\\ntouch {Files}/runs-$1\\nwhile [ ! -e {Files}/go ]; do sleep 0.02; done\\n\" > $2; chmod 755 $2; }}; "
        + "hangs hook /hook; hangs hwclock /sbin/hwclock; ";

    private readonly SandboxedAgent _agent;

    private HangingSandbox(SandboxedAgent agent) => _agent = agent;

    /// <summary>Starts one.</summary>
    /// <param name="image">The image.</param>
    /// <param name="setup">More preparation.</param>
    /// <param name="channel">Other arguments than those for a socket.</param>
    internal static async Task<HangingSandbox> StartAsync(SandboxImage image, string setup = "", IReadOnlyList<string>? channel = null) =>
        new(await SandboxedAgent.StartAsync(
            image, SandboxCase.Empty with { Setup = Setup + setup }, [.. channel ?? SandboxCase.Listening, "-F/hook"], new TextVariables()));

    /// <summary>The sandbox.</summary>
    internal SandboxedAgent Agent => _agent;

    /// <summary>Connects a host.</summary>
    internal async Task<HostLink> ConnectAsync() => HostLink.Over(await _agent.ConnectAsync());

    /// <summary>Waits until the hook hangs.</summary>
    internal void AwaitHook() => RunningAgent.WaitUntil(() => File.Exists(_agent.Outside($"{Files}/runs-hook")), "the hook to run");

    /// <summary>Waits until hwclock hangs.</summary>
    internal void AwaitClock() => RunningAgent.WaitUntil(() => File.Exists(_agent.Outside($"{Files}/runs-hwclock")), "hwclock to run");

    /// <summary>Lets what hangs go on.</summary>
    internal void LetGo() => File.WriteAllText(_agent.Outside($"{Files}/go"), "");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _agent.DisposeAsync();
}
