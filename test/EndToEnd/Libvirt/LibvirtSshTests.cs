using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EndToEnd.Host;
using EndToEnd.Sandbox;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Libvirt;

/// <summary>
/// A libvirt on another host, by qemu+ssh. The ssh is a real one, and starts its server itself: there is no network between them. The server sees a home of
/// root's that is the test's own.
/// </summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtSshTests(LibvirtMachine guest) : IAsyncLifetime, IDisposable
{
    private const int Unreachable = 3;

    private readonly TemporaryFolder folder = new();

    private string Target => $"libvirt:{RemoteUri}/guestwire";

    private string RemoteUri =>
        guest.Uri.Replace("qemu:///", "qemu+ssh://root@elsewhere/", StringComparison.Ordinal) + $"&command={folder.Combine("ssh")}";

    public async Task InitializeAsync()
    {
        await CommandLine.RunAsync("sh", "-c", "exec dropbearkey -t ed25519 -f \"$1\" 2> /dev/null", "sh", folder.Combine("host"));
        await CommandLine.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.Combine("user"));
        await File.WriteAllTextAsync(
            folder.Combine("server"),
            """
            #!/bin/sh
            cd "${0%/*}"
            exec unshare --mount sh -c '
                mount -t tmpfs -o mode=700 home /root && mkdir -m 700 /root/.ssh && cat user.pub > /root/.ssh/authorized_keys
                exec socat STDIO "EXEC:/usr/sbin/dropbear -i -s -r host"'

            """);
        await File.WriteAllTextAsync(
            folder.Combine("ssh"),
            $"""
            #!/bin/sh
            exec ssh -F none -i {folder.Combine("user")} -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR \
                -o ProxyCommand={folder.Combine("server")} "$@"

            """);
        foreach (string script in (string[])["server", "ssh"])
        {
            File.SetUnixFileMode(folder.Combine(script), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Programs_run_and_files_go_both_ways()
    {
        byte[] content = RandomNumberGenerator.GetBytes(1_000_000);
        File.WriteAllBytes(folder.Combine("source"), content);

        HostAnswer program = await HostCommand.RunWithInputAsync("of the host"u8.ToArray(), "exec", Target, "--", "sh", "-c", "tr a-z A-Z; exit 3");
        await HostCommand.DoAsync("cp", folder.Combine("source"), $"{Target}:/root/through-ssh");
        string sum = await guest.Shell.DoAsync("sha256sum < /root/through-ssh");
        await HostCommand.DoAsync("cp", $"{Target}:/root/through-ssh", folder.Combine("back"));
        await HostCommand.DoAsync("rm", $"{Target}:/root/through-ssh");

        Assert.Equal((3, "OF THE HOST", ""), (program.Status, program.Text, program.Errors));
        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(content)), sum, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(folder.Combine("back")));
    }

    [Fact]
    public async Task An_ssh_that_cannot_log_in_is_told_with_what_it_said()
    {
        File.WriteAllText(folder.Combine("user.pub"), "");

        HostAnswer answer = await HostCommand.RunAsync("ping", Target);

        Assert.Equal((Unreachable, ""), (answer.Status, answer.Text));
        Assert.StartsWith("guestwire: cannot connect to libvirt at qemu+ssh://", answer.Errors, StringComparison.Ordinal);
        Assert.Contains("root@elsewhere: Permission denied (publickey).", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_goes_on_and_nothing_of_its_output_is_lost_when_the_ssh_ends_meanwhile()
    {
        const string Script = "echo before; echo begun > /run/through-ssh; until [ -e /run/through-ssh-on ]; do sleep 0.1; done; echo after; exit 4";
        using RunningCommand command = HostCommand.Start("exec", Target, "--", "sh", "-c", Script);
        await guest.Shell.DoAsync("until [ -s /run/through-ssh ]; do sleep 0.1; done");
        int ssh = FindSsh(command.Id);
        await CommandLine.RunAsync("kill", ssh.ToString(CultureInfo.InvariantCulture));
        await command.WaitUntilAsync(() => FindSsh(command.Id) is not 0 and int another && another != ssh);
        await guest.Shell.DoAsync("echo > /run/through-ssh-on");
        HostAnswer answer = await HostCommand.EndAsync(command);
        await guest.Shell.DoAsync("rm /run/through-ssh /run/through-ssh-on");

        Assert.Equal((4, "before\nafter\n", ""), (answer.Status, answer.Text, answer.Errors));
    }

    /// <summary>The ssh that a process has started and that has not ended, or 0.</summary>
    private static int FindSsh(int process) => Directory.EnumerateDirectories($"/proc/{process}/task")
        .SelectMany(task => Regex.Matches(Read(Path.Combine(task, "children")), @"\d+"))
        .Select(child => int.Parse(child.Value, CultureInfo.InvariantCulture))
        .FirstOrDefault(child => Read($"/proc/{child}/stat").Contains(" (ssh) S ", StringComparison.Ordinal));

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // A thread or a process that has ended meanwhile.
            return "";
        }
    }
}
