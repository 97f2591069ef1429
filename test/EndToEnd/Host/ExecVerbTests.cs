using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace EndToEnd.Host;

/// <summary>Programs run by the command on agents of this machine: their input, output and end, and what they leave behind.</summary>
[Trait("Suite", "host")]
public sealed class ExecVerbTests
{
    /// <summary>Both agents.</summary>
    public static TheoryData<string> Agents => HostedAgent.Both;

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Output_errors_and_exit_code_are_those_of_the_program(string name)
    {
        using HostedAgent agent = new(name);

        HostAnswer answer = await HostCommand.RunAsync("exec", agent.Target, "--", "sh", "-c", "echo out; echo err >&2; exit 3");

        Assert.Equal((3, "out\n", "err\n"), (answer.Status, answer.Text, answer.Errors));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Arguments_arrive_as_they_are(string name)
    {
        using HostedAgent agent = new(name);
        string[] words = ["", "a b", "$HOME", "'\"\\", "-n", "--", "@file", "*"];

        HostAnswer answer = await HostCommand.RunAsync(["exec", agent.Target, "--", "printf", "<%s>", .. words]);

        Assert.Equal((0, string.Concat(words.Select(word => $"<{word}>"))), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData(HostedAgent.Ours, 20_000_003)]
    [InlineData(HostedAgent.Reference, 1_000_003)]
    public async Task Input_goes_through_the_program_and_comes_back_byte_for_byte(string name, int size)
    {
        using HostedAgent agent = new(name);
        byte[] bytes = RandomNumberGenerator.GetBytes(size);

        HostAnswer answer = await HostCommand.RunWithInputAsync(bytes, "exec", agent.Target, "--", "cat");

        Assert.Equal((0, ""), (answer.Status, answer.Errors));
        Assert.True(bytes.AsSpan().SequenceEqual(answer.Output), $"{answer.Output.Length} bytes came back");
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task It_runs_as_the_user_in_the_folder_and_with_the_variables_that_are_asked_for(string name)
    {
        using HostedAgent agent = new(name);
        Directory.CreateDirectory(agent.Files.Combine("a folder"));
        File.SetUnixFileMode(agent.Files.Path, (UnixFileMode)0x1ED);

        HostAnswer answer = await HostCommand.RunAsync(
            "exec", agent.Target, "--user", "nobody", "--cwd", agent.Files.Combine("a folder"), "--env", "A=b c", "--env", "D=",
            "--", "sh", "-c", "id -un; id -Gn; pwd; echo \"<$A><$D>\"");

        Assert.Equal((0, ""), (answer.Status, answer.Errors));
        Assert.Equal($"nobody\nnogroup\n{agent.Files.Combine("a folder")}\n<b c><>\n", answer.Text);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Programs_that_do_not_start_or_are_killed_have_the_codes_of_a_shell(string name)
    {
        using HostedAgent agent = new(name);
        await File.WriteAllTextAsync(agent.Files.Combine("plain"), "no program");

        Assert.Equal(127, (await HostCommand.RunAsync("exec", agent.Target, "--", "no-such-program")).Status);
        Assert.Equal(126, (await HostCommand.RunAsync("exec", agent.Target, "--", agent.Files.Combine("plain"))).Status);
        Assert.Equal(128 + 15, (await HostCommand.RunAsync("exec", agent.Target, "--", "sh", "-c", "kill -TERM $$")).Status);
        Assert.Equal(125, (await HostCommand.RunAsync("exec", $"unix:{agent.Files.Combine("nobody")}", "--", "true")).Status);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task What_takes_too_long_is_ended_with_its_children(string name)
    {
        using HostedAgent agent = new(name);
        string pid = agent.Files.Combine("pid");

        HostAnswer answer = await HostCommand.RunAsync("exec", agent.Target, "--timeout", "1", "--", "sh", "-c", $"sleep 1000 & echo $! > {pid}; wait");

        Assert.Equal(124, answer.Status);
        await WaitUntilGoneAsync(await File.ReadAllTextAsync(pid));
    }

    [Fact]
    public async Task Output_comes_while_the_program_still_runs()
    {
        using HostedAgent agent = new(HostedAgent.Ours);
        string gate = agent.Files.Combine("gate");
        using RunningCommand process = HostCommand.Start("exec", agent.Target, "--", "sh", "-c", $"echo first; until [ -e {gate} ]; do sleep 0.05; done; echo last");

        using CancellationTokenSource deadline = new(HostCommand.Patience);
        Assert.Equal("first", await process.StandardOutput.ReadLineAsync(deadline.Token));
        Assert.False(process.HasExited);
        await File.WriteAllTextAsync(gate, "");
        Assert.Equal("last", await process.StandardOutput.ReadLineAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task A_program_answers_what_it_is_given_line_by_line()
    {
        using HostedAgent agent = new(HostedAgent.Ours);
        using RunningCommand process = HostCommand.Start("exec", agent.Target, "--", "sh", "-c", "while read -r line; do echo \"<$line>\"; done; echo end");
        using CancellationTokenSource deadline = new(HostCommand.Patience);
        for (int i = 0; i < 10; i++)
        {
            await process.StandardInput.WriteLineAsync(i.ToString(CultureInfo.InvariantCulture));
            await process.StandardInput.FlushAsync(deadline.Token);
            Assert.Equal($"<{i}>", await process.StandardOutput.ReadLineAsync(deadline.Token));
        }

        process.StandardInput.Close();
        Assert.Equal("end", await process.StandardOutput.ReadLineAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_to_the_command_goes_to_the_program_and_its_children(string signal, int status)
    {
        using HostedAgent agent = new(HostedAgent.Ours);
        using RunningCommand process = HostCommand.Start("exec", agent.Target, "--", "sh", "-c", "sleep 1000 > /dev/null 2>&1 & echo $!; wait");
        using CancellationTokenSource deadline = new(HostCommand.Patience);
        string child = (await process.StandardOutput.ReadLineAsync(deadline.Token))!;

        SendSignal(process, signal);

        await process.WaitForExitAsync(deadline.Token);
        Assert.Equal(status, process.ExitCode);

        // A shell has its background jobs ignore SIGINT.
        if (signal == "INT")
        {
            using Process end = Process.Start("kill", child);
            await end.WaitForExitAsync(deadline.Token);
        }

        await WaitUntilGoneAsync(child);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task An_agent_that_dies_meanwhile_is_a_clear_error(string name)
    {
        using HostedAgent agent = new(name);
        string pid = agent.Files.Combine("pid");
        using RunningCommand process = HostCommand.Start("exec", agent.Target, "--", "sh", "-c", $"echo $$ > {pid}.new && mv {pid}.new {pid}; exec sleep 1000");

        // Debian's agent starts a program when all of its input is there.
        process.StandardInput.Close();
        using CancellationTokenSource deadline = new(HostCommand.Patience);
        while (!File.Exists(pid))
        {
            await Task.Delay(20, deadline.Token);
        }

        agent.Kill();

        string errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        using Process end = Process.Start("kill", (await File.ReadAllTextAsync(pid)).Trim());
        await end.WaitForExitAsync(deadline.Token);
        Assert.Equal(125, process.ExitCode);
        Assert.StartsWith("guestwire: ", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Detached_it_goes_on_and_its_number_is_printed(string name)
    {
        using HostedAgent agent = new(name);
        string done = agent.Files.Combine("done");

        string id = await HostCommand.DoAsync("exec", "-d", agent.Target, "--", "sh", "-c", $"echo $$ > {done}.new && mv {done}.new {done}");

        using CancellationTokenSource deadline = new(HostCommand.Patience);
        while (!File.Exists(done))
        {
            await Task.Delay(20, deadline.Token);
        }

        Assert.Equal(id, (await File.ReadAllTextAsync(done)).Trim());
    }

    [Fact]
    public async Task Several_guests_are_told_apart_and_one_that_fails_does_not_keep_the_others_from_it()
    {
        using HostedAgent first = new(HostedAgent.Ours);
        using HostedAgent second = new(HostedAgent.Reference);
        string gone = $"unix:{first.Files.Combine("gone")}";

        HostAnswer answer = await HostCommand.RunAsync("exec", first.Target, second.Target, gone, "--", "sh", "-c", "echo one; echo two");

        string[] wanted = [$"{first.Target}: one", $"{first.Target}: two", $"{second.Target}: one", $"{second.Target}: two"];
        Assert.Equal(wanted.Order(StringComparer.Ordinal), answer.Text.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal(5, answer.Status);
        Assert.Contains(gone, answer.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task As_json_it_is_one_object_with_all_of_it(string name)
    {
        using HostedAgent agent = new(name);

        JsonElement json = (await HostCommand.RunAsync("exec", "--json", agent.Target, "--", "sh", "-c", "echo out; printf '\\377' >&2; exit 7")).Json;

        Assert.Equal(7, json.GetProperty("exit-code").GetInt32());
        Assert.Equal("out\n", json.GetProperty("stdout").GetString());
        Assert.Contains(json.EnumerateObject(), member => member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() == "/w==");
    }

    private static void SendSignal(Process process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until a process is gone, or only its name is left for whoever started it.</summary>
    private static async Task WaitUntilGoneAsync(string processId)
    {
        string stat = $"/proc/{processId.Trim()}/stat";
        using CancellationTokenSource deadline = new(HostCommand.Patience);
        while (File.Exists(stat) && !(await ReadAsync(stat)).Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    private static async Task<string> ReadAsync(string path)
    {
        try
        {
            return await File.ReadAllTextAsync(path);
        }
        catch (IOException)
        {
            return ") Z ";
        }
    }
}
