using System.Globalization;
using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Interfaces, addresses and routes, against what ip(8) shows. An interface that leads nowhere is there while a test runs.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class NetworkFactsTests(DebianMachine guest) : IAsyncLifetime
{
    /// <inheritdoc/>
    public async Task InitializeAsync() => await guest.Shell.DoAsync(
        "ip link add nowhere type dummy && ip addr add 192.0.2.7/24 dev nowhere && ip addr add 2001:db8::7/64 dev nowhere nodad && ip link set nowhere up "
        + "&& ip route add 198.51.100.0/24 via 192.0.2.1 dev nowhere metric 77 && ip link add asleep type dummy");

    /// <inheritdoc/>
    public async Task DisposeAsync() => await guest.Shell.DoAsync("ip link del nowhere; ip link del asleep");

    [Fact]
    public async Task The_interfaces_and_their_addresses_are_those_of_the_guest()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement told = await host.AskAsync("guest-network-get-interfaces");

        string[] expected = [.. (await ReadAsync("ip -json addr")).EnumerateArray().Select(one => Describe(
            one.GetProperty("ifname"), one.GetProperty("address"), one.GetProperty("addr_info"), "local", "prefixlen"))];
        Assert.Contains(expected, one => one.Contains("192.0.2.7/24", StringComparison.Ordinal) && one.Contains("2001:db8::7/64", StringComparison.Ordinal));
        Assert.Equal(expected, told.EnumerateArray().Select(one => Describe(
            one.GetProperty("name"), one.GetProperty("hardware-address"),
            one.TryGetProperty("ip-addresses", out JsonElement addresses) ? addresses : default, "ip-address", "prefix")));
    }

    [Fact]
    public async Task The_interfaces_count_what_goes_through_them()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        string[] before = await ReadLoopbackAsync();

        // Nobody listens there: what is sent is counted all the same.
        await guest.Shell.DoAsync("python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b\"x\" * 1000, (\"127.0.0.1\", 9))'");
        string[] after = await ReadLoopbackAsync();
        JsonElement told = await host.AskAsync("guest-network-get-interfaces");

        JsonElement counters = told.EnumerateArray().Single(one => one.GetProperty("name").ValueEquals("lo")).GetProperty("statistics");
        Assert.NotEqual(before, after);
        Assert.Equal(
            after, ((string[])["rx-bytes", "rx-packets", "tx-bytes", "tx-packets"]).Select(name => counters.GetProperty(name).GetRawText()));

        async Task<string[]> ReadLoopbackAsync() =>
            (await guest.Shell.DoAsync("cd /sys/class/net/lo/statistics; cat rx_bytes rx_packets tx_bytes tx_packets")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task The_routes_are_those_of_the_guest()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement[] told = [.. (await host.AskAsync("guest-network-get-route")).EnumerateArray()];

        JsonElement through = Assert.Single(told, route => route.GetProperty("version").GetInt32() == 4 && route.GetProperty("destination").ValueEquals("198.51.100.0"));
        Assert.Equal(
            ("nowhere", "192.0.2.1", "255.255.255.0", 77),
            (through.GetProperty("iface").GetString(), through.GetProperty("gateway").GetString(), through.GetProperty("mask").GetString(), through.GetProperty("metric").GetInt32()));
        Assert.Equal(
            (await ReadAsync("ip -json -4 route")).GetArrayLength(), told.Count(route => route.GetProperty("version").GetInt32() == 4));

        JsonElement linked = Assert.Single(told, route => route.GetProperty("version").GetInt32() == 6
            && route.GetProperty("destination").ValueEquals("2001:db8::") && route.GetProperty("desprefixlen").ValueEquals("64"));
        Assert.Equal(("nowhere", "::"), (linked.GetProperty("iface").GetString(), linked.GetProperty("nexthop").GetString()));
        Assert.Equal(
            Assert.Single((await ReadAsync("ip -json -6 route show 2001:db8::/64")).EnumerateArray()).GetProperty("metric").GetInt32(),
            linked.GetProperty("metric").GetInt32());
    }

    private static string Describe(JsonElement name, JsonElement hardware, JsonElement addresses, string address, string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} {hardware} ")
        + (addresses.ValueKind == JsonValueKind.Array
            ? string.Join(' ', addresses.EnumerateArray().Select(one => $"{one.GetProperty(address)}/{one.GetProperty(prefix)}"))
            : "");

    private async Task<JsonElement> ReadAsync(string command) => JsonDocument.Parse(await guest.Shell.DoAsync(command)).RootElement;
}
