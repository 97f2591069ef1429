using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class NetworkFactsTests : IDisposable
{
    private readonly FileTree _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void The_loopback_has_its_address_and_a_hardware_address_of_zeros()
    {
        GuestNetworkInterface loopback = Assert.Single(new NetworkFacts().ListInterfaces(), entry => entry.Name == "lo");

        Assert.Equal("00:00:00:00:00:00", loopback.HardwareAddress);
        Assert.NotNull(loopback.Statistics);
    }

    [Fact]
    public void Without_version_6_there_are_the_routes_of_version_4()
    {
        _proc.File("net/route", "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");

        Assert.Equal("192.0.2.1", Assert.Single(new NetworkFacts(_proc.Root).ListRoutes()).Gateway);
    }

    [Fact]
    public void Without_either_table_the_error_names_the_first()
    {
        QapiException error = Assert.Throws<QapiException>(() => new NetworkFacts(_proc.Root).ListRoutes());
        Assert.Equal($"open(\"{_proc.Root}/net/route\"): No such file or directory", error.Message);
    }
}
