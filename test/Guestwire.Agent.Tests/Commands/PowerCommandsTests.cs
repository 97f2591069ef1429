using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Commands;

public sealed class PowerCommandsTests : IPowerControl
{
    private readonly RecordedLog _log = new();
    private readonly List<object> _asked = [];
    private readonly PowerCommands _commands;

    public PowerCommandsTests() => _commands = new PowerCommands(this, _log);

    [Theory]
    [InlineData(null, ShutdownMode.PowerDown)]
    [InlineData("powerdown", ShutdownMode.PowerDown)]
    [InlineData("halt", ShutdownMode.Halt)]
    [InlineData("reboot", ShutdownMode.Reboot)]
    internal void Each_mode_is_asked_for_and_noted_down(string? mode, ShutdownMode expected)
    {
        _commands.GuestShutdown(new GuestShutdownArguments { Mode = mode });

        Assert.Equal([expected], _asked);
        Assert.Equal($"guest-shutdown called, mode: {mode ?? "powerdown"}", _log.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Halt")]
    [InlineData("sleep")]
    public void Another_word_is_refused(string mode)
    {
        QapiException error = Assert.Throws<QapiException>(() => _commands.GuestShutdown(new GuestShutdownArguments { Mode = mode }));

        Assert.Equal("mode is invalid (valid values are: halt|powerdown|reboot", error.Message);
        Assert.Empty(_asked);
    }

    [Fact]
    public void Each_way_to_sleep_is_asked_for()
    {
        _commands.GuestSuspendDisk();
        _commands.GuestSuspendRam();
        _commands.GuestSuspendHybrid();

        Assert.Equal([SuspendMode.Disk, SuspendMode.Ram, SuspendMode.Hybrid], _asked);
    }

    void IPowerControl.ShutDown(ShutdownMode mode) => _asked.Add(mode);

    void IPowerControl.Suspend(SuspendMode mode) => _asked.Add(mode);
}
