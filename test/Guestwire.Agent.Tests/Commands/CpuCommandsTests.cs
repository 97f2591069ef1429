using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Tests.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Commands;

public sealed class CpuCommandsTests : IDisposable
{
    private readonly FileTree _sys = new();
    private readonly CpuCommands _commands;

    public CpuCommandsTests()
    {
        _sys.Folder("devices/system/cpu/cpu0").File("devices/system/cpu/cpu1/online", "1\n").File("devices/system/cpu/cpu2/online", "0\n");
        _commands = new CpuCommands(new ProcessorFacts(_sys.Root), new ProcessorSwitch(_sys.Root));
    }

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void What_shall_change_changes_and_all_of_it_counts()
    {
        Assert.Equal(4, Set((0, true), (1, false), (2, true), (2, true)));
        Assert.Equal("0\n", State(1));
        Assert.Equal("1\n", State(2));
    }

    [Fact]
    public void Nothing_asked_for_is_nothing_done() => Assert.Equal(0, Set());

    [Fact]
    public void The_first_failure_ends_it_and_what_was_done_counts()
    {
        Assert.Equal(1, Set((1, false), (99, true), (2, true)));
        Assert.Equal("0\n", State(2));
    }

    [Fact]
    public void A_failure_at_once_is_the_answer() => Assert.Equal(
        $"Could not open '{_sys.Root}/devices/system/cpu/cpu99/': No such file or directory",
        Assert.Throws<QapiException>(() => Set((99, true), (1, false))).Message);

    [Fact]
    public void A_processor_without_a_switch_stays_on() => Assert.Equal(
        "logical processor #0 can't be offlined", Assert.Throws<QapiException>(() => Set((0, false))).Message);

    [Fact]
    public void A_switch_that_cannot_be_read_is_an_error()
    {
        _sys.Folder("devices/system/cpu/cpu7/online");

        Assert.Equal(
            $"Could not open '{_sys.Root}/devices/system/cpu/cpu7/online': Is a directory",
            Assert.Throws<QapiException>(() => Set((7, true))).Message);
    }

    private long Set(params (long Number, bool Online)[] wanted) => _commands.GuestSetVcpus(new GuestSetVcpusArguments
    {
        Vcpus = [.. wanted.Select(one => new GuestLogicalProcessor { LogicalId = one.Number, Online = one.Online })],
    });

    private string State(int number) => File.ReadAllText($"{_sys.Root}/devices/system/cpu/cpu{number}/online");
}
