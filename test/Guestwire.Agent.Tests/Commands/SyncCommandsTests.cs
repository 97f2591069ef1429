using System.Text.Json.Nodes;

namespace Guestwire.Agent.Tests.Commands;

public sealed class SyncCommandsTests
{
    [Fact]
    public void An_entry_of_guest_info_has_three_keys_and_no_more()
    {
        using SessionBench bench = new();
        (Host host, _) = bench.Connect();
        using (host)
        {
            host.Ask("guest-info");
            bench.Parts.Turn();
            JsonObject info = JsonNode.Parse(host.Read())!["return"]!.AsObject();

            Assert.Equal(["supported_commands", "version"], info.Select(member => member.Key).Order());
            JsonArray commands = info["supported_commands"]!.AsArray();
            Assert.NotEmpty(commands);
            Assert.All(commands, entry =>
                Assert.Equal(["enabled", "name", "success-response"], entry!.AsObject().Select(member => member.Key).Order()));
        }
    }

    [Fact]
    public void A_sync_that_fails_has_no_sentinel()
    {
        using SessionBench bench = new();
        (Host host, _) = bench.Connect();
        using (host)
        {
            host.Send("""{"execute": "guest-sync-delimited"}{"execute": "guest-sync-delimited", "arguments": {"id": 3}}""");
            bench.Parts.Turn();
            string[] lines = host.Read().Split('\n');

            Assert.StartsWith("{\"error\"", lines[0], StringComparison.Ordinal);
            Assert.Equal("\u00FF{\"return\": 3}", lines[1]);
        }
    }
}
