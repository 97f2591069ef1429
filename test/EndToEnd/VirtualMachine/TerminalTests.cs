using System.Security.Cryptography;
using System.Text.Json;
using EndToEnd.Host;
using EndToEnd.Sandbox;

namespace EndToEnd.VirtualMachine;

/// <summary>The host's command where QEMU offers a terminal (pty) in the place of a socket.</summary>
[Trait("Suite", "virtual-machine")]
public sealed class TerminalTests(GuestMachine guest) : IClassFixture<GuestMachine>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // A serial line is slow: it has a rate.
    [Theory]
    [InlineData("agent", 2_000_000)]
    [InlineData("isa", 20_000)]
    public async Task Programs_run_behind_a_terminal_and_files_go_both_ways(string line, int bytes)
    {
        byte[] content = RandomNumberGenerator.GetBytes(bytes);
        string source = folder.Combine("source");
        string back = folder.Combine("back");
        File.WriteAllBytes(source, content);
        await using Terminal terminal = await Terminal.PutAsync(guest, line);
        string target = $"serial:{terminal.Path}";

        string name = await HostCommand.DoAsync("exec", target, "--", "hostname");
        HostAnswer failed = await HostCommand.RunWithInputAsync("of the host"u8.ToArray(), "exec", target, "--", "sh", "-c", "tr a-z A-Z; exit 3");
        await HostCommand.DoAsync("cp", source, $"{target}:/tmp/terminal");
        string sum = await guest.Shell.DoAsync("sha256sum < /tmp/terminal");
        await HostCommand.DoAsync("cp", $"{target}:/tmp/terminal", back);
        await HostCommand.DoAsync("rm", $"{target}:/tmp/terminal");

        Assert.Equal("guestwire-guest", name);
        Assert.Equal((3, "OF THE HOST", ""), (failed.Status, failed.Text, failed.Errors));
        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(content)), sum, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(back));
        Assert.NotEqual(0, (await guest.Shell.RunAsync("ls /tmp/terminal")).Status);
    }

    /// <summary>A terminal where the machine had a socket.</summary>
    private sealed class Terminal : IAsyncDisposable
    {
        private readonly MachineMonitor monitor;
        private readonly string line;

        private Terminal(MachineMonitor monitor, string line, string path)
        {
            this.monitor = monitor;
            this.line = line;
            Path = path;
        }

        /// <summary>Its device.</summary>
        internal string Path { get; }

        /// <summary>Changes what is behind a line.</summary>
        internal static async Task<Terminal> PutAsync(BootedMachine machine, string line)
        {
            MachineMonitor monitor = await MachineMonitor.ConnectAsync(machine);
            JsonElement changed = await ChangeAsync(monitor, line, new { type = "pty", data = new { } });
            return new Terminal(monitor, line, changed.GetProperty("pty").GetString()!);
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            object address = new { type = "unix", data = new { path = line + ".sock" } };
            await ChangeAsync(monitor, line, new { type = "socket", data = new { addr = address, server = true, wait = false } });
            monitor.Dispose();
        }

        private static Task<JsonElement> ChangeAsync(MachineMonitor monitor, string line, object backend) =>
            monitor.AskAsync("chardev-change", new { id = line, backend });
    }
}
