using System.Text.Json;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Processors are switched off and on, seen in the guest's sysfs. The guest has two, both on before and after each test.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed class ProcessorTests(DebianMachine guest)
{
    [Fact]
    public async Task A_processor_goes_off_and_comes_back()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement off = await SwitchAsync(host, (1, false));
        string without = await ReadOnlineAsync();
        JsonElement listed = await host.AskAsync("guest-get-vcpus");
        JsonElement on = await SwitchAsync(host, (1, true));

        Assert.Equal(1, off.GetInt32());
        Assert.Equal("0\n", without);
        Assert.False(Assert.Single(listed.EnumerateArray(), processor => processor.GetProperty("logical-id").GetInt32() == 1).GetProperty("online").GetBoolean());
        Assert.Equal(1, on.GetInt32());
        Assert.Equal("0-1\n", await ReadOnlineAsync());
    }

    [Fact]
    public async Task The_first_processor_stays_on()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        string reply = await host.AskLineAsync("{\"execute\":\"guest-set-vcpus\",\"arguments\":{\"vcpus\":[{\"logical-id\":0,\"online\":false}]}}");
        JsonElement listed = await host.AskAsync("guest-get-vcpus");

        Assert.Equal("{\"error\": {\"class\": \"GenericError\", \"desc\": \"logical processor #0 can't be offlined\"}}", reply);
        Assert.False(Assert.Single(listed.EnumerateArray(), processor => processor.GetProperty("logical-id").GetInt32() == 0).GetProperty("can-offline").GetBoolean());
        Assert.Equal("0-1\n", await ReadOnlineAsync());
    }

    [Fact]
    public async Task What_is_done_before_the_first_failure_is_counted_and_stays()
    {
        await using AgentConversation host = await guest.ConnectAsync();

        JsonElement done = await SwitchAsync(host, (1, false), (0, false), (1, true));
        string after = await ReadOnlineAsync();
        await SwitchAsync(host, (1, true));

        Assert.Equal(1, done.GetInt32());
        Assert.Equal("0\n", after);
        Assert.Equal("0-1\n", await ReadOnlineAsync());
    }

    private static async Task<JsonElement> SwitchAsync(AgentConversation host, params (int Number, bool Online)[] wanted) =>
        await host.AskAsync("guest-set-vcpus", new
        {
            vcpus = wanted.Select(one => new Dictionary<string, object> { ["logical-id"] = one.Number, ["online"] = one.Online }),
        });

    private async Task<string> ReadOnlineAsync() => await guest.Shell.DoAsync("cat /sys/devices/system/cpu/online");
}
