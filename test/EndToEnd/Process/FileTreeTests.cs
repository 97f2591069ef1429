using System.Text.Json.Nodes;
using EndToEnd.Sandbox;

namespace EndToEnd.ProcessSuite;

/// <summary>Files by name, judged by what is in the filesystem afterwards; with and without rules.</summary>
[Trait("Suite", "process")]
public sealed class FileTreeTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Ten_thousand_names_come_part_by_part_each_once()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        HashSet<string> made = [.. Enumerable.Range(0, 10_000).Select(number => $"file {number}")];
        foreach (string name in made)
        {
            File.WriteAllText(_files.Combine(name), "");
        }

        List<string> told = [];
        JsonNode? cursor = null;
        do
        {
            Dictionary<string, object> arguments = new() { ["path"] = _files.Path };
            if (cursor is not null)
            {
                arguments["cursor"] = (long)cursor;
            }

            JsonNode part = host.Call("__org.guestwire_file-list", arguments);
            told.AddRange(part["entries"]!.AsArray().Select(entry => (string)entry!["name"]!));
            cursor = part["cursor"];
        }
        while (cursor is not null);

        Assert.Equal(10_000, told.Count);
        Assert.Equal(made, [.. told]);
        long kept = agent.ResidentKib;
        RunningAgent.WaitUntil(() => agent.ResidentKib < kept || agent.ResidentKib < 7 * 1024, "the agent to give memory back");
    }

    [Fact]
    public void A_file_that_is_made_by_opening_it_has_the_permissions_that_are_asked_for()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();

        JsonNode handle = host.Call("guest-file-open", new { path = _files.Combine("private"), mode = "w", permissions = 0x180 });
        host.Call("guest-file-close", new { handle = (long)handle });
        JsonNode plain = host.Call("guest-file-open", new { path = _files.Combine("plain"), mode = "w" });
        host.Call("guest-file-close", new { handle = (long)plain });
        string refusal = host.Refused("guest-file-open", new { path = _files.Combine("plain"), mode = "w", exclusive = true });

        Assert.EndsWith("File exists", refusal, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_files.Combine("private")));
        Assert.Equal((UnixFileMode)0x1B6, File.GetUnixFileMode(_files.Combine("plain")));
    }

    [Fact]
    public void Names_that_are_no_UTF_8_are_counted_and_go_with_their_directory()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        Assert.Equal(0, RunningAgent.Run("/bin/sh", "-c", $"mkdir '{_files.Combine("d")}' && cd '{_files.Combine("d")}' && mkdir \"$(printf 'x\\377')\" && touch \"$(printf 'x\\377/y\\300\\200')\" ä").Status);

        JsonNode list = host.Call("__org.guestwire_file-list", new { path = _files.Combine("d") });
        Assert.Equal(1, (int)list["undecodable"]!);
        Assert.Equal(["ä"], list["entries"]!.AsArray().Select(entry => (string)entry!["name"]!));
        host.Call("__org.guestwire_file-remove", new { path = _files.Combine("d"), recursive = true });

        Assert.False(Path.Exists(_files.Combine("d")));
    }

    [Fact]
    public void A_tree_goes_and_what_its_links_lead_to_stays()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        Directory.CreateDirectory(_files.Combine("kept"));
        File.WriteAllText(_files.Combine("kept/file"), "kept");
        Directory.CreateDirectory(_files.Combine("tree/below"));
        File.CreateSymbolicLink(_files.Combine("tree/link"), _files.Combine("kept"));
        File.CreateSymbolicLink(_files.Combine("tree/below/up"), "..");
        Assert.Equal(0, RunningAgent.Run("/bin/sh", "-c", $"cd '{_files.Combine("tree")}' && i=0; while [ $i -lt 1000 ]; do mkdir d && touch f && cd -P d || exit 1; i=$((i+1)); done").Status);

        host.Call("__org.guestwire_file-remove", new { path = _files.Combine("tree"), recursive = true });

        Assert.False(Path.Exists(_files.Combine("tree")));
        Assert.Equal("kept", File.ReadAllText(_files.Combine("kept/file")));
    }

    [Fact]
    public void What_is_mounted_in_a_tree_is_not_touched()
    {
        // A mount of its own namespace: nothing of it is left behind, whatever happens.
        string tree = _files.Combine("tree");
        Directory.CreateDirectory(tree + "/mounted");
        Directory.CreateDirectory(_files.Combine("other"));
        File.WriteAllText(_files.Combine("other/file"), "kept");
        TemporaryFolder own = new();
        string script = $"mount --bind '{_files.Combine("other")}' '{tree}/mounted' && exec '{RunningAgent.Program}' -m unix-listen -p '{own.Combine("socket")}' -t '{own.Path}'";
        using RunningAgent agent = RunningAgent.Start(own, "/usr/bin/unshare", "-m", "/bin/sh", "-c", script);
        agent.WaitUntilItListens();
        using HostLink host = agent.Connect();

        Assert.Equal($"failed to remove '{tree}': Device or resource busy", host.Refused("__org.guestwire_file-remove", new { path = tree, recursive = true }));
        Assert.EndsWith("Device or resource busy", host.Refused("__org.guestwire_file-remove", new { path = tree + "/mounted", recursive = true }), StringComparison.Ordinal);

        Assert.Equal("kept", File.ReadAllText(_files.Combine("other/file")));
    }

    [Fact]
    public void Owner_mode_length_and_times_become_what_is_asked_for()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        string path = _files.Combine("file");
        File.WriteAllText(path, "12345");

        host.Call("__org.guestwire_file-set-attributes", new Dictionary<string, object>
        {
            ["path"] = path,
            ["user"] = "daemon",
            ["group"] = "54321",
            ["mode"] = 0x9E8,
            ["size-bytes"] = 3,
            ["modified-ns"] = 1_000_000_001L,
        });

        Assert.Equal("daemon 54321 4750 3 1\n", RunningAgent.Run("/usr/bin/stat", "-c", "%U %g %a %s %Y", path).Output);
        JsonNode status = host.Call("__org.guestwire_file-stat", new { path });
        Assert.Equal(("daemon", 1_000_000_001L, null), ((string?)status["user"], (long)status["modified-ns"]!, status["group"]));
    }

    [Fact]
    public void A_checksum_is_that_of_sha256sum()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();
        byte[] bytes = new byte[3_000_017];
        new Random(9).NextBytes(bytes);
        File.WriteAllBytes(_files.Combine("file"), bytes);

        JsonNode checksum = host.Call("__org.guestwire_file-checksum", new { path = _files.Combine("file") });

        Assert.Equal(RunningAgent.Run("/usr/bin/sha256sum", _files.Combine("file")).Output[..64], (string?)checksum["sha256"]);
        Assert.Equal(bytes.Length, (long)checksum["size-bytes"]!);
    }

    [Fact]
    public void Through_a_link_nothing_outside_the_rules_is_told_made_moved_or_removed()
    {
        Directory.CreateDirectory(_files.Combine("open"));
        Directory.CreateDirectory(_files.Combine("secret"));
        File.WriteAllText(_files.Combine("secret/file"), "secret");
        File.WriteAllText(_files.Combine("open/mine"), "mine");
        File.CreateSymbolicLink(_files.Combine("open/out"), "../secret");
        string open = _files.Combine("open");
        File.WriteAllText(_files.Combine("conf"), $"[policy]\nprofile=readonly\nread-paths={open}\nwrite-paths={open}\naudit-log={_files.Combine("audit")}\n");
        using RunningAgent agent = RunningAgent.OnSocket("-c", _files.Combine("conf"));
        using HostLink host = agent.Connect();

        string[] ways = [open + "/out/file", open + "/../secret/file", _files.Combine("secret/file")];
        foreach (string way in ways)
        {
            AssertDisabled(host, "file-stat", new { path = way });
            AssertDisabled(host, "file-checksum", new { path = way });
            AssertDisabled(host, "file-remove", new { path = way });
            AssertDisabled(host, "file-rename", new { path = way, to = open + "/got" });
            AssertDisabled(host, "file-rename", new { path = open + "/mine", to = way });
            AssertDisabled(host, "file-link", new { path = open + "/got", target = way, symbolic = false });
            AssertDisabled(host, "file-make-directory", new { path = way + "x" });
            AssertDisabled(host, "file-set-attributes", new { path = way, mode = 511 });
        }

        AssertDisabled(host, "file-list", new { path = open + "/out" });
        AssertDisabled(host, "file-remove", new { path = open, recursive = true });
        host.Call("__org.guestwire_file-make-directory", new { path = open + "/a/b", parents = true });
        host.Call("__org.guestwire_file-rename", new { path = open + "/mine", to = open + "/a/b/mine" });
        host.Call("__org.guestwire_file-remove", new { path = open + "/out" });

        Assert.Equal("secret", File.ReadAllText(_files.Combine("secret/file")));
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_files.Combine("secret")).Select(Path.GetFileName));
        Assert.Equal("mine", File.ReadAllText(open + "/a/b/mine"));
        Assert.False(Path.Exists(open + "/out"));
        Assert.Contains("\"command\": \"__org.guestwire_file-rename\"", File.ReadAllText(_files.Combine("audit")), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_and_processes_are_those_of_the_kernel()
    {
        using RunningAgent agent = RunningAgent.OnSocket();
        using HostLink host = agent.Connect();

        JsonNode memory = host.Call("__org.guestwire_get-memory");
        JsonNode list = host.Call("__org.guestwire_get-processes", new { after = agent.ProcessId - 1, limit = 1 });
        JsonNode process = list["processes"]![0]!;

        Assert.Contains($"MemTotal: {(long)memory["total-bytes"]! / 1024} kB", File.ReadAllText("/proc/meminfo").Replace("       ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal((agent.ProcessId, "root", "guestwire-agent"), ((int)process["pid"]!, (string?)process["user"], (string?)process["name"]));
        Assert.StartsWith(RunningAgent.Program + " -m unix-listen", (string?)process["command"], StringComparison.Ordinal);
    }

    private static void AssertDisabled(HostLink host, string command, object arguments)
    {
        JsonNode reply = host.Ask(HostLink.Request("__org.guestwire_" + command, arguments));
        Assert.True((string?)reply["error"]?["class"] == "CommandNotFound", $"{command} {System.Text.Json.JsonSerializer.Serialize(arguments)}: {reply.ToJsonString()}");
    }
}
