using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Tests.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Commands;

public sealed class MemoryCommandsTests : IDisposable
{
    private const int NoSuchFile = 2;
    private const int IsDirectory = 21;

    private readonly FileTree _sys = new();
    private readonly MemoryCommands _commands;

    public MemoryCommandsTests() => _commands = new MemoryCommands(new MemoryFacts(_sys.Root), new MemorySwitch(_sys.Root));

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void Each_block_has_its_own_result_and_a_failure_does_not_stop_the_others()
    {
        _sys.File("devices/system/memory/memory1/state", "online\n").File("devices/system/memory/memory2/state", "offline\n")
            .File("devices/system/memory/memory3/state", "online\n").Folder("devices/system/memory/memory4")
            .Folder("devices/system/memory/memory5/state");

        Assert.Equal(
            [
                Response(1, GuestMemoryBlockResponseType.Success),
                Response(99, GuestMemoryBlockResponseType.NotFound, NoSuchFile),
                Response(2, GuestMemoryBlockResponseType.Success),
                Response(3, GuestMemoryBlockResponseType.Success),
                Response(4, GuestMemoryBlockResponseType.OperationNotSupported, NoSuchFile),
                Response(4, GuestMemoryBlockResponseType.Success, NoSuchFile),
                Response(5, GuestMemoryBlockResponseType.OperationFailed, IsDirectory),
            ],
            Set((1, false), (99, true), (2, true), (3, true), (4, false), (4, true), (5, true)));
        Assert.StartsWith("offline", State(1), StringComparison.Ordinal);
        Assert.StartsWith("online", State(2), StringComparison.Ordinal);
        Assert.Equal("online\n", State(3));
    }

    [Fact]
    public void A_kernel_that_cannot_switch_memory_says_so_of_every_block() => Assert.Equal(
        [Response(1, GuestMemoryBlockResponseType.OperationNotSupported, NoSuchFile)], Set((1, true)));

    [Fact]
    public void Nothing_asked_for_is_no_result() => Assert.Empty(Set());

    private static GuestMemoryBlockResponse Response(ulong number, GuestMemoryBlockResponseType type, long? errno = null) =>
        new() { PhysIndex = number, Response = type, ErrorCode = errno };

    private IReadOnlyList<GuestMemoryBlockResponse> Set(params (ulong Number, bool Online)[] wanted) =>
        _commands.GuestSetMemoryBlocks(new GuestSetMemoryBlocksArguments
        {
            MemBlks = [.. wanted.Select(one => new GuestMemoryBlock { PhysIndex = one.Number, Online = one.Online })],
        });

    private string State(int number) => File.ReadAllText($"{_sys.Root}/devices/system/memory/memory{number}/state");
}
