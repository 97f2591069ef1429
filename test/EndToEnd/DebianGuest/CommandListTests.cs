using System.Text.Json;
using System.Text.RegularExpressions;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>guest-info in a real guest, against every schema that hosts were written for.</summary>
[Trait("Suite", "debian-guest")]
[Collection(DebianMachine.Collection)]
public sealed partial class CommandListTests(DebianMachine guest)
{
    [Theory]
    [InlineData("schema-1.1.json", 19)]
    [InlineData("schema-4.0.json", 35)]
    public async Task Every_command_of_a_historical_schema_is_there_and_enabled(string schema, int count)
    {
        string[] historical = Commands(await File.ReadAllTextAsync(
            Path.Combine(Checkout.Root, "test", "Qapi.Tests", "Historical", schema)));

        string[] enabled = await ReadEnabledAsync();

        Assert.Equal(count, historical.Length);
        Assert.Empty(historical.Except(enabled));
    }

    [Fact]
    public async Task Every_command_of_the_newest_schema_and_of_ours_is_there_and_enabled_but_the_one_that_only_Windows_has()
    {
        string[] newest = [.. Directory.GetFiles(Path.Combine(Checkout.Root, "schema"), "*.json").SelectMany(file => Commands(File.ReadAllText(file)))];

        string[] enabled = await ReadEnabledAsync();

        Assert.Equal(44 + 13, newest.Length);
        Assert.Equal(["guest-get-devices"], newest.Except(enabled));
    }

    private static string[] Commands(string schema) => [.. Command().Matches(schema).Select(match => match.Groups[1].Value)];

    private async Task<string[]> ReadEnabledAsync()
    {
        await using AgentConversation host = await guest.ConnectAsync();
        JsonElement info = await host.AskAsync("guest-info");
        return [.. info.GetProperty("supported_commands").EnumerateArray()
            .Where(command => command.GetProperty("enabled").GetBoolean())
            .Select(command => command.GetProperty("name").GetString()!)];
    }

    [GeneratedRegex("'command': *'([^']+)'")]
    private static partial Regex Command();
}
