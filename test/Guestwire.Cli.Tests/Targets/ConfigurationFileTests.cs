using Guestwire.Cli.Targets;

namespace Guestwire.Cli.Tests.Targets;

public sealed class ConfigurationFileTests
{
    [Fact]
    public async Task Guests_are_lines_of_name_and_target()
    {
        using TemporaryFolder folder = new();
        ConfigurationFile file = new(folder.Write("config", "# mine\n\n[guests]\nweb1 = unix:/run/web1\n  old=vsock:3:1024\n; and\n"));
        Assert.Equal([("web1", "unix:/run/web1"), ("old", "vsock:3:1024")], (await file.ListAsync(default)).Select(guest => (guest.Name, guest.Transport.ToString())));
    }

    [Fact]
    public async Task A_file_that_does_not_exist_knows_nobody()
    {
        using TemporaryFolder folder = new();
        Assert.Empty(await new ConfigurationFile(folder.File("config")).ListAsync(default));
    }

    [Theory]
    [InlineData("[guest]\n", 1, "there is no section [guest]")]
    [InlineData("web1 = unix:/x\n", 1, "a line is 'NAME = TARGET' in the section [guests]")]
    [InlineData("[guests]\n\nweb1\n", 3, "a line is")]
    [InlineData("[guests]\n= unix:/x\n", 2, "a line is")]
    [InlineData("[guests]\nweb1 = ssh:host\n", 2, "'ssh:host' names no guest")]
    [InlineData("[guests]\nweb1 = unix:\n", 2, "'unix:' names no guest")]
    public async Task What_is_wrong_is_told_with_its_line_and_is_wrong_usage(string content, int line, string what)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("config", content);
        CommandOutcome outcome = await Command.RunAsync(new CommandSurroundings { Sources = [new ConfigurationFile(path)] }, "ping", "web1");
        Assert.Equal(2, outcome.Code);
        Assert.StartsWith($"guestwire: {path}, line {line}: {what}", outcome.Error, StringComparison.Ordinal);
    }
}
