using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class MemoryFactsTests : IDisposable
{
    private const string Directory = "devices/system/memory/";

    private readonly FileTree _sys = new();

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void State_and_removable_describe_a_block()
    {
        _sys.File(Directory + "memory0/state", "online\n").File(Directory + "memory0/removable", "0\n")
            .File(Directory + "memory1/state", "offline\n").File(Directory + "memory1/removable", "1\n")
            .File(Directory + "memory2/state", "going-offline\n").Folder(Directory + "memory33").Folder(Directory + "power");

        IEnumerable<GuestMemoryBlock> blocks = new MemoryFacts(_sys.Root).ListBlocks().OrderBy(block => block.PhysIndex);

        Assert.Equal(
            [
                new GuestMemoryBlock { PhysIndex = 0, Online = true, CanOffline = false },
                new GuestMemoryBlock { PhysIndex = 1, Online = false, CanOffline = true },
                new GuestMemoryBlock { PhysIndex = 2, Online = false, CanOffline = false },
                new GuestMemoryBlock { PhysIndex = 33, Online = true, CanOffline = false },
            ],
            blocks);
    }

    [Fact]
    public void The_machine_s_own_blocks_are_as_the_attributes_of_each_say()
    {
        foreach (GuestMemoryBlock block in new MemoryFacts().ListBlocks())
        {
            string directory = $"/sys/devices/system/memory/memory{block.PhysIndex}/";

            Assert.Equal(!File.Exists(directory + "state") || File.ReadAllText(directory + "state").StartsWith("online", StringComparison.Ordinal), block.Online);
            Assert.Equal(File.Exists(directory + "state") && File.ReadAllText(directory + "removable") == "1\n", block.CanOffline);
        }
    }

    [Fact]
    public void There_may_be_more_blocks_than_one_read_of_the_directory_takes()
    {
        for (int i = 0; i < 2000; i++)
        {
            _sys.File($"{Directory}memory{i}/state", "online\n").File($"{Directory}memory{i}/removable", $"{i % 2}\n");
        }

        IReadOnlyList<GuestMemoryBlock> blocks = new MemoryFacts(_sys.Root).ListBlocks();

        Assert.Equal(2000, blocks.Select(block => block.PhysIndex).Distinct().Count());
        Assert.All(blocks, block => Assert.Equal(block.PhysIndex % 2 == 1, block.CanOffline));
    }

    [Fact]
    public void A_kernel_without_blocks_has_none() => Assert.Empty(new MemoryFacts(_sys.Root).ListBlocks());

    [Fact]
    public void A_kernel_with_blocks_has_at_least_one()
    {
        _sys.Folder(Directory);

        QapiException error = Assert.Throws<QapiException>(() => new MemoryFacts(_sys.Root).ListBlocks());
        Assert.Equal("guest reported zero memory blocks!", error.Message);
    }

    [Fact]
    public void The_size_of_a_block_is_hexadecimal()
    {
        _sys.File(Directory + "block_size_bytes", "8000000\n");

        Assert.Equal(128UL * 1024 * 1024, new MemoryFacts(_sys.Root).ReadBlockSizeBytes());
    }

    [Fact]
    public void Without_the_directory_there_is_no_size()
    {
        QapiException error = Assert.Throws<QapiException>(() => new MemoryFacts(_sys.Root).ReadBlockSizeBytes());
        Assert.Equal($"open(\"{_sys.Root}/{Directory}\"): No such file or directory", error.Message);
    }

    [Fact]
    public void Without_the_attribute_the_error_names_it()
    {
        _sys.Folder(Directory);

        QapiException error = Assert.Throws<QapiException>(() => new MemoryFacts(_sys.Root).ReadBlockSizeBytes());
        Assert.Equal("open sysfs file \"block_size_bytes\": No such file or directory", error.Message);
    }
}
