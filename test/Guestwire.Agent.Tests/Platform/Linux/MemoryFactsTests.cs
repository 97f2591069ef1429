using System.Globalization;
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
    public void Since_Linux_5_7_one_removable_speaks_for_all()
    {
        for (int i = 0; i < 300; i++)
        {
            _sys.File($"{Directory}memory{i}/state", "online\n").File($"{Directory}memory{i}/removable", "1\n");
        }

        foreach (int other in Enumerable.Range(0, 300).Except([FirstInOrder()]))
        {
            File.Delete($"{_sys.Root}/{Directory}memory{other}/removable");
        }

        Assert.All(new MemoryFacts(_sys.Root, new Version(5, 7)).ListBlocks(), block => Assert.True(block.CanOffline));
        Assert.Single(new MemoryFacts(_sys.Root, new Version(5, 6)).ListBlocks(), block => block.CanOffline == true);
    }

    [Fact]
    public void A_block_that_is_always_there_speaks_for_none()
    {
        for (int i = 0; i < 8; i++)
        {
            _sys.Folder($"{Directory}memory{i}");
        }

        _sys.File(Directory + "memory99/state", "online\n").File(Directory + "memory99/removable", "1\n");

        Assert.Single(new MemoryFacts(_sys.Root, new Version(6, 1)).ListBlocks(), block => block is { PhysIndex: 99, CanOffline: true });
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

    private int FirstInOrder() => int.Parse(PseudoFile.TryList($"{_sys.Root}/{Directory}", out _)![0].AsSpan(6), CultureInfo.InvariantCulture);
}
