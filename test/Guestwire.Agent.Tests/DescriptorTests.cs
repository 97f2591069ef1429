using Guestwire.Agent.Channels;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.State;
using Guestwire.Agent.Tests.Platform.Linux;
using Guestwire.Agent.Tests.State;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests;

[Collection(Alone.Name)]
public sealed class DescriptorTests
{
    [Fact]
    public void Programs_leave_no_descriptor()
    {
        using ExecBench bench = new();
        bench.Run(ExecBench.Program("true")).Dispose();
        int before = CountDescriptors();
        for (int i = 0; i < 20; i++)
        {
            bench.Run(ExecBench.Shell("cat; echo err >&2") with { Input = new byte[100] }).Dispose();
            bench.Run(ExecBench.Program("true") with { Input = new byte[1_000_000] }).Dispose();
            Assert.Throws<QapiException>(() => bench.Start(ExecBench.Program("/missing") with { Input = new byte[1] }));
        }

        Assert.Equal(before, CountDescriptors());
    }

    [Fact]
    public void Files_that_cannot_be_opened_or_closed_leave_no_descriptor()
    {
        int before = CountDescriptors();
        for (int i = 0; i < 20; i++)
        {
            OpenFile file = OpenFile.Open("/dev/full", "w", AgentParts.NoRules);
            file.Write("x"u8);
            Assert.Throws<QapiException>(file.Close);
            Assert.Throws<QapiException>(() => OpenFile.Open("/dev/full/missing", "w", AgentParts.NoRules));
        }

        Assert.Equal(before, CountDescriptors());
    }

    [Fact]
    public void Files_of_keys_leave_no_descriptor_whether_they_can_be_used_or_not()
    {
        using UserHome home = new();
        AuthorizedKeysFile keys = new();
        using ByteBuffer text = new();
        keys.Replace(home.Account, "key\n"u8);
        int before = CountDescriptors();
        for (int i = 0; i < 20; i++)
        {
            keys.Read(home.Account, text);
            keys.Replace(home.Account, "key\n"u8);
            Assert.Throws<QapiException>(() => keys.Replace(home.Account with { Home = home.Keys }, "key\n"u8));
            Assert.Throws<QapiException>(() => keys.Read(home.Account with { Home = "/proc/self" }, text));
        }

        Assert.Equal(before, CountDescriptors());
    }

    [Fact]
    public void Channels_that_cannot_be_opened_leave_no_descriptor()
    {
        using AgentParts parts = new();
        int before = CountDescriptors();
        for (int i = 0; i < 20; i++)
        {
            Assert.Throws<ChannelException>(() => IsaSerialChannel.Open("/dev/null"));
            Assert.Throws<ChannelException>(() => IsaSerialChannel.Open("/missing"));
            Assert.Throws<ChannelException>(() => VirtioSerialChannel.Open("/missing"));
            Assert.Throws<ChannelException>(() => Listener.OnUnix(parts["missing/socket"]));
        }

        Assert.Equal(before, CountDescriptors());
    }

    [Fact]
    public void Sessions_leave_no_descriptor_however_they_end()
    {
        using SessionBench bench = new();
        int before = CountDescriptors();
        for (int i = 0; i < 20; i++)
        {
            (Host host, _) = bench.Connect();
            host.Ask(i % 2 == 0 ? "guest-ping" : "guest-get-fsinfo");
            bench.Parts.Turn();
            host.Dispose();
            bench.Parts.Storage.Open();
            bench.Parts.TurnUntil(() => bench.Ended == i + 1);
        }

        Assert.Equal(before, CountDescriptors());
    }

    private static int CountDescriptors()
    {
        // What earlier tests dropped must not close in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // The runtime keeps its libraries open, and opens one when it is first wanted.
        return Directory.GetFileSystemEntries("/proc/self/fd")
            .Count(descriptor => new FileInfo(descriptor).LinkTarget is { } target && !target.EndsWith(".dll", StringComparison.Ordinal));
    }
}
