using System.Globalization;
using System.Security.Cryptography;
using EndToEnd.Host;
using EndToEnd.Sandbox;

namespace EndToEnd.Faults.Guest;

/// <summary>
/// The machine dies while the host's command is in the middle of something: QEMU is killed, as by the host's kernel that has no memory left. Each test ends
/// with the machine running again.
/// </summary>
[Trait("Suite", "guest-faults")]
[Collection(MovableMachine.Collection)]
public sealed class MachineDeathTests(MovableMachine guest) : IAsyncLifetime, IDisposable
{
    private const int Unreachable = 3;
    private const int Ours = 125;

    private readonly TemporaryFolder _here = new();
    private readonly TemporaryFolder _temporary = new();

    /// <summary>Both agents.</summary>
    public static TheoryData<string> Agents => HostedAgent.Both;

    private string Target => $"unix:{guest.PathOf("agent.sock")}";

    /// <summary>How the command says that the machine is off: it names the end of the line that is left.</summary>
    private string NobodyIsThere => $"cannot connect to {guest.PathOf("agent.sock")}: nobody listens there";

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DisposeAsync() => guest.IsOff ? guest.StartAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        _here.Dispose();
        _temporary.Dispose();
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_copy_out_of_it_ends_and_leaves_nothing_on_the_host_but_what_was_whole(string name)
    {
        await PutAsync(name);

        // So large that no copy of it ever ends, and a hole up to its end, so that the guest has room for it.
        await guest.Shell.DoAsync("mkdir /tmp/tree && echo one > /tmp/tree/one && echo two > /tmp/tree/two && head -c 2000000 /dev/urandom > /tmp/big && truncate -s 200G /tmp/big");
        await File.WriteAllTextAsync(_here.Combine("big"), "what was there before\n");
        using RunningCommand copy = Start("cp", "-r", $"{Target}:/tmp/tree", $"{Target}:/tmp/big", _here.Path);
        await copy.WaitUntilAsync(() => Partial() is { Length: > 0 });

        await guest.KillAsync();
        HostAnswer answer = await HostCommand.EndAsync(copy);

        Assert.Equal((Unreachable, $"guestwire: {NobodyIsThere}\n"), (answer.Status, answer.Errors));
        Assert.Equal(
            ["big: what was there before\n", "tree/one: one\n", "tree/two: two\n"],
            Files(_here).Select(file => $"{file}: {File.ReadAllText(_here.Combine(file))}"));
        Assert.Empty(Files(_temporary));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_copy_into_it_ends_and_the_guest_has_its_old_file_until_the_copy_is_made_once_more(string name)
    {
        await PutAsync(name);
        byte[] content = RandomNumberGenerator.GetBytes(24_000_000);
        await File.WriteAllBytesAsync(_here.Combine("file"), content);
        await guest.Shell.DoAsync($"rm -rf {MovableMachine.Data}/*; echo old > {MovableMachine.Data}/file; sync");
        using RunningCommand copy = Start("cp", _here.Combine("file"), $"{Target}:{MovableMachine.Data}/file");

        // The agent stands still before the copy is whole, however long it takes until QEMU is killed.
        int agent = await guest.Shell.ReadAgentPidAsync();
        await guest.Shell.DoAsync(string.Create(CultureInfo.InvariantCulture, $"cd {MovableMachine.Data}; until [ -s .guestwire-*.part ]; do :; done; kill -STOP {agent}; [ -e .guestwire-*.part ]"));

        await guest.KillAsync();
        HostAnswer answer = await HostCommand.EndAsync(copy);

        Assert.Equal((Unreachable, $"guestwire: {NobodyIsThere}\n"), (answer.Status, answer.Errors));
        Assert.Equal(["file"], Files(_here));
        Assert.Empty(Files(_temporary));
        await guest.StartAsync();
        Assert.Equal("old\n", await guest.Shell.DoAsync($"cat {MovableMachine.Data}/file"));

        // What the death has left in the guest does not stay.
        await HostCommand.DoAsync("cp", _here.Combine("file"), $"{Target}:{MovableMachine.Data}/file");
        Assert.Equal(
            $"file\n{Convert.ToHexStringLower(SHA256.HashData(content))}\n",
            await guest.Shell.DoAsync($"cd {MovableMachine.Data}; ls -A | grep -v lost+found; sha256sum < file | cut -d ' ' -f 1; rm file"));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task A_program_in_it_is_lost_and_what_it_had_written_is_not(string name)
    {
        await PutAsync(name);
        using RunningCommand exec = Start("exec", "--no-stdin", Target, "--", "sh", "-c", "echo begun; touch /tmp/begun; exec sleep 1000");
        await guest.Shell.DoAsync("until [ -e /tmp/begun ]; do sleep 0.05; done");

        // Debian's agent shows what a program wrote when it has ended, and no sooner.
        string? begun = name == HostedAgent.Ours ? await exec.StandardOutput.ReadLineAsync() : "begun";
        await guest.KillAsync();
        HostAnswer answer = await HostCommand.EndAsync(exec);

        Assert.Equal(("begun", ""), (begun, answer.Text));
        Assert.Equal((Ours, $"guestwire: {NobodyIsThere}\n"), (answer.Status, answer.Errors));
        Assert.Empty(Files(_temporary));
    }

    [Fact]
    public async Task A_freeze_that_cannot_be_ended_is_told_of_when_the_program_on_the_host_is_done()
    {
        using RunningCommand freeze = await FreezeAsync("--thaw-time", "1");

        await guest.KillAsync();
        Assert.False(freeze.HasExited);
        await File.WriteAllTextAsync(_here.Combine("go-on"), "");
        HostAnswer answer = await HostCommand.EndAsync(freeze);

        Assert.Equal((Ours, "the copy is made\n"), (answer.Status, answer.Text));
        Assert.Contains($"MAY STILL BE FROZEN: {NobodyIsThere}", answer.Errors, StringComparison.Ordinal);
        Assert.Contains("nobody can tell whether it had stayed frozen", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_freeze_of_a_machine_that_was_started_again_meanwhile_has_made_no_consistent_copy()
    {
        using RunningCommand freeze = await FreezeAsync();

        await guest.KillAsync();
        await guest.StartAsync();
        Assert.False(freeze.HasExited);
        await File.WriteAllTextAsync(_here.Combine("go-on"), "");
        HostAnswer answer = await HostCommand.EndAsync(freeze);

        Assert.Equal((Ours, "the copy is made\n"), (answer.Status, answer.Text));
        Assert.Contains("1 of 1 filesystems had been thawed before by something else: what was copied meanwhile is not consistent", answer.Errors, StringComparison.Ordinal);
        await guest.Shell.DoAsync($"touch {MovableMachine.Data}/writable && rm {MovableMachine.Data}/writable");
    }

    /// <summary>Freezes the guest while a program waits on this host.</summary>
    private async Task<RunningCommand> FreezeAsync(params string[] options)
    {
        RunningCommand freeze = Start(
            ["freeze", .. options, Target, "--", .. HostCommand.ProgramThatWaits(_here, "echo the copy is made")]);
        await freeze.WaitForFileAsync(_here.Combine("frozen"));
        return freeze;
    }

    private FileInfo? Partial() => new DirectoryInfo(_here.Path).EnumerateFiles(".guestwire-*.part").FirstOrDefault();

    private RunningCommand Start(params string[] arguments) => HostCommand.StartIn([("TMPDIR", _temporary.Path)], arguments);

    private Task PutAsync(string name) => name == HostedAgent.Ours ? Task.CompletedTask : guest.PutReferenceAsync();

    private static string[] Files(TemporaryFolder folder) =>
    [
        .. Directory.GetFiles(folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(file => Path.GetRelativePath(folder.Path, file)).Order(StringComparer.Ordinal),
    ];
}
