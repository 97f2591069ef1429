using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class ProcessorFactsTests : IDisposable
{
    private readonly FileTree _sys = new();

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void The_online_attribute_tells_the_state_and_that_it_can_change()
    {
        _sys.Folder("devices/system/cpu/cpu0").File("devices/system/cpu/cpu1/online", "1\n").File("devices/system/cpu/cpu12/online", "0\n")
            .Folder("devices/system/cpu/cpufreq").Folder("devices/system/cpu/cpuidle").File("devices/system/cpu/possible", "0-12");

        IEnumerable<GuestLogicalProcessor> processors = new ProcessorFacts(_sys.Root).List().OrderBy(processor => processor.LogicalId);

        Assert.Equal(
            [
                new GuestLogicalProcessor { LogicalId = 0, Online = true, CanOffline = false },
                new GuestLogicalProcessor { LogicalId = 1, Online = true, CanOffline = true },
                new GuestLogicalProcessor { LogicalId = 12, Online = false, CanOffline = true },
            ],
            processors);
    }

    [Fact]
    public void Processors_keep_the_order_of_the_directory()
    {
        for (int i = 0; i < 20; i++)
        {
            _sys.Folder($"devices/system/cpu/cpu{i}");
        }

        string[] inOrder = [.. PseudoFile.TryList(_sys.Root + "/devices/system/cpu", out _)!.Select(name => name[3..])];

        Assert.Equal(inOrder, new ProcessorFacts(_sys.Root).List().Select(processor => $"{processor.LogicalId}"));
    }

    [Fact]
    public void The_list_of_all_that_are_on_says_the_same_as_the_attributes()
    {
        for (int i = 0; i < 300; i++)
        {
            // Some cannot be switched off: they have no attribute, and are on whatever the list says.
            _ = i % 7 == 3
                ? _sys.Folder($"devices/system/cpu/cpu{i}")
                : _sys.File($"devices/system/cpu/cpu{i}/online", i is >= 100 and < 200 or 298 ? "0\n" : "1\n");
        }

        IReadOnlyList<GuestLogicalProcessor> oneByOne = new ProcessorFacts(_sys.Root).List();
        _sys.File("devices/system/cpu/online", "0-99,200-297,299\n");

        Assert.Equal(300, oneByOne.Count);
        Assert.Equal(oneByOne, new ProcessorFacts(_sys.Root).List());
    }

    [Theory]
    [InlineData("0-7,x")]
    [InlineData("")]
    public void A_list_that_is_none_is_not_believed(string list)
    {
        for (int i = 0; i < 8; i++)
        {
            _sys.File($"devices/system/cpu/cpu{i}/online", "1\n");
        }

        _sys.File("devices/system/cpu/online", list);

        Assert.All(new ProcessorFacts(_sys.Root).List(), processor => Assert.True(processor.Online));
    }

    [Fact]
    public void Without_the_directory_the_error_names_it()
    {
        QapiException error = Assert.Throws<QapiException>(() => new ProcessorFacts(_sys.Root).List());
        Assert.Equal($"failed to list entries: {_sys.Root}/devices/system/cpu: No such file or directory", error.Message);
    }

    [Fact]
    public void An_attribute_that_cannot_be_read_is_an_error()
    {
        _sys.Folder("devices/system/cpu/cpu3/online");

        QapiException error = Assert.Throws<QapiException>(() => new ProcessorFacts(_sys.Root).List());
        Assert.Equal($"Could not open '{_sys.Root}/devices/system/cpu/cpu3/online': Is a directory", error.Message);
    }
}
