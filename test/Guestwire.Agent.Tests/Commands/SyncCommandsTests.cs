using System.Text.Json.Nodes;
using Guestwire.Agent.Commands;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;
using Guestwire.Protocol;

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
    public void The_list_is_made_again_only_when_a_freeze_or_a_thaw_has_changed_it()
    {
        FreezeState freeze = new();
        SyncCommands commands = new(new CommandPolicy(new LinuxCapabilities(), ["guest-exec"], [], AccessRules.None, freeze), "1.2.3", new RecordedLog());

        GuestAgentInfo open = commands.GuestInfo();
        Assert.Same(open, commands.GuestInfo());
        freeze.IsFrozen = true;
        GuestAgentInfo frozen = commands.GuestInfo();
        freeze.IsFrozen = false;

        Assert.False(IsEnabled(frozen, "guest-get-fsinfo"));
        Assert.True(IsEnabled(frozen, "guest-ping"));
        Assert.Equal(open.SupportedCommands, commands.GuestInfo().SupportedCommands);
        Assert.False(IsEnabled(open, "guest-exec"));
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

    private static bool IsEnabled(GuestAgentInfo info, string command) => Assert.Single(info.SupportedCommands, entry => entry.Name == command).Enabled;
}
