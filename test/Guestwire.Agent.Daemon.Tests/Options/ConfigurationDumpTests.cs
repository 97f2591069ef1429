using System.Text;
using Guestwire.Agent.Daemon.Options;

namespace Guestwire.Agent.Daemon.Tests.Options;

public sealed class ConfigurationDumpTests
{
    [Fact]
    public void The_defaults_are_those_of_the_reference()
    {
        Assert.True(ChannelSelection.TryComplete(new AgentOptions(), activated: null, out AgentOptions options, out _));
        Assert.Equal(
            """
            [general]
            daemon=false
            method=virtio-serial
            path=/dev/virtio-ports/org.qemu.guest_agent.0
            pidfile=/var/run/qemu-ga.pid
            statedir=/var/run
            verbose=false
            retry-path=false
            block-rpcs=
            allow-rpcs=

            """,
            ConfigurationDump.Write(options));
    }

    [Theory]
    [InlineData(" a b", "\\sa b")]
    [InlineData("\t a\tb", "\\t\\sa\tb")]
    [InlineData("a\nb\rc\\d", "a\\nb\\rc\\\\d")]
    [InlineData("", "")]
    public void A_value_is_escaped_so_that_it_can_be_read_back(string path, string expected)
    {
        string dump = ConfigurationDump.Write(new AgentOptions { Path = path });
        Assert.Contains($"\npath={expected}\n", dump, StringComparison.Ordinal);

        Assert.True(ConfigurationFile.TryParse(Encoding.UTF8.GetBytes(dump), out ConfigurationFile? file, out _));
        Assert.Equal(path, file.Options.Path);
    }

    [Fact]
    public void A_dumped_file_means_what_it_was_dumped_from()
    {
        string dump = ConfigurationDump.Write(new AgentOptions());
        Assert.True(ConfigurationFile.TryParse(Encoding.UTF8.GetBytes(dump), out ConfigurationFile? file, out _));
        Assert.Empty(file.Options.AllowRpcs);
        Assert.Equal(dump, ConfigurationDump.Write(file.Options));
        Assert.Empty(file.Warnings);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/srv/,/", "/srv,/")]
    [InlineData("/\\t/", "/\t/")]
    [InlineData("/srv/a /,/b", "/srv/a /,/b")]
    [InlineData("", "")]
    public void Paths_are_dumped_as_what_they_open(string paths, string expected)
    {
        Assert.True(ConfigurationFile.TryParse(Encoding.UTF8.GetBytes($"[policy]\nread-paths={paths}\n"), out ConfigurationFile? file, out _));
        string dump = ConfigurationDump.Write(file.Options);
        Assert.Contains($"\nread-paths={expected}\n", dump, StringComparison.Ordinal);

        Assert.True(ConfigurationFile.TryParse(Encoding.UTF8.GetBytes(dump), out ConfigurationFile? again, out _));
        Assert.Equal(file.Options.Rules.ReadPaths, again.Options.Rules.ReadPaths);
    }
}
