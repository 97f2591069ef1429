using Guestwire.Agent.Commands;
using Guestwire.Agent.Policy;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Commands;

public sealed class FileTreeCommandsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guestwire-");
    private readonly FileTreeCommands _files = Commands(AccessRules.None);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_link_stands_for_what_it_leads_to_unless_it_is_asked_for()
    {
        File.WriteAllText(At("file"), "12345");
        File.CreateSymbolicLink(At("link"), "file");

        GuestwireFileStatus followed = _files.Stat(new() { Path = At("link") });
        GuestwireFileStatus link = _files.Stat(new() { Path = At("link"), Follow = false });

        Assert.Equal((GuestwireFileType.Regular, 5L, null), (followed.Type, followed.SizeBytes, followed.Target));
        Assert.Equal((GuestwireFileType.Symlink, 4L, "file"), (link.Type, link.SizeBytes, link.Target));
        Assert.Equal(new FileInfo(At("file")).LastWriteTimeUtc.Ticks, (followed.ModifiedNs / 100) + DateTime.UnixEpoch.Ticks);
    }

    [Fact]
    public void What_is_not_there_is_named_with_the_reason() =>
        Assert.Equal(
            $"failed to ask for '{At("none")}': No such file or directory",
            Assert.Throws<QapiException>(() => _files.Stat(new() { Path = At("none") })).Message);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Parts_of_a_directory_make_the_whole_whatever_their_size(int limit)
    {
        HashSet<string> made = [];
        for (int i = 0; i < 100; i++)
        {
            File.WriteAllText(At($"file {i}"), "");
            made.Add($"file {i}");
        }

        List<string> told = [];
        long? cursor = null;
        do
        {
            GuestwireDirectoryList part = _files.List(new() { Path = At(""), Limit = limit, Cursor = cursor });
            Assert.InRange(part.Entries.Count, 1, limit);
            told.AddRange(part.Entries.Select(entry => entry.Name));
            cursor = part.Cursor;
        }
        while (cursor is not null);

        Assert.Equal(made.Count, told.Count);
        Assert.Equal(made, [.. told]);
    }

    [Fact]
    public void An_empty_directory_has_one_empty_part()
    {
        GuestwireDirectoryList part = _files.List(new() { Path = At("") });

        Assert.Empty(part.Entries);
        Assert.Null(part.Cursor);
    }

    [Theory]
    [InlineData(0L, null)]
    [InlineData(4097L, null)]
    [InlineData(null, -1L)]
    public void A_limit_or_a_cursor_out_of_range_is_refused(long? limit, long? cursor) =>
        Assert.Contains(
            "is invalid for argument",
            Assert.Throws<QapiException>(() => _files.List(new() { Path = At(""), Limit = limit, Cursor = cursor })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_directory_is_made_with_all_above_it_and_with_its_mode()
    {
        _files.MakeDirectory(new() { Path = At("a/b//c/"), Parents = true, Mode = 0x5FF & ~0x12 });

        Assert.Equal((UnixFileMode)0x5ED, File.GetUnixFileMode(At("a/b/c")));
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(At("a/b")));
    }

    [Fact]
    public void One_that_exists_is_an_error_unless_parents_are_asked_for()
    {
        Directory.CreateDirectory(At("there"));
        File.WriteAllText(At("file"), "");

        Assert.EndsWith("File exists", Assert.Throws<QapiException>(() => _files.MakeDirectory(new() { Path = At("there") })).Message);
        Assert.Throws<QapiException>(() => _files.MakeDirectory(new() { Path = At("file"), Parents = true }));
        Assert.Throws<QapiException>(() => _files.MakeDirectory(new() { Path = At("file/below"), Parents = true }));
        _files.MakeDirectory(new() { Path = At("there"), Parents = true });
    }

    [Fact]
    public void A_link_is_removed_and_not_what_it_leads_to()
    {
        Directory.CreateDirectory(At("kept"));
        File.WriteAllText(At("kept/file"), "");
        File.CreateSymbolicLink(At("link"), At("kept"));

        _files.Remove(new() { Path = At("link/"), Recursive = true });

        Assert.False(Path.Exists(At("link")));
        Assert.True(File.Exists(At("kept/file")));
    }

    [Fact]
    public void A_directory_with_something_in_it_stays_unless_all_of_it_is_to_go()
    {
        Directory.CreateDirectory(At("tree/below"));
        Directory.CreateDirectory(At("kept"));
        File.WriteAllText(At("kept/file"), "");
        File.WriteAllText(At("tree/below/file"), "");
        File.CreateSymbolicLink(At("tree/below/link"), At("kept"));

        Assert.EndsWith("Directory not empty", Assert.Throws<QapiException>(() => _files.Remove(new() { Path = At("tree") })).Message);
        _files.Remove(new() { Path = At("tree"), Recursive = true });

        Assert.False(Path.Exists(At("tree")));
        Assert.True(File.Exists(At("kept/file")));
    }

    [Theory]
    [InlineData("tree/.")]
    [InlineData("tree/..")]
    public void What_is_no_name_cannot_be_removed(string path)
    {
        Directory.CreateDirectory(At("tree"));
        File.WriteAllText(At("tree/file"), "");

        Assert.EndsWith("Invalid argument", Assert.Throws<QapiException>(() => _files.Remove(new() { Path = At(path), Recursive = true })).Message);

        Assert.True(File.Exists(At("tree/file")));
    }

    [Fact]
    public void A_tree_deeper_than_what_may_be_open_is_removed()
    {
        string path = At("deep");
        for (int i = 0; i < 100; i++)
        {
            Directory.CreateDirectory(path);
            File.WriteAllText(path + "/a", "");
            File.WriteAllText(path + "/z", "");
            Directory.CreateDirectory(path + "/empty");
            path += "/d";
        }

        _files.Remove(new() { Path = At("deep"), Recursive = true });

        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void A_new_name_takes_the_place_of_another_unless_that_is_not_wanted()
    {
        File.WriteAllText(At("one"), "one");
        File.WriteAllText(At("two"), "two");

        Assert.EndsWith(
            "File exists", Assert.Throws<QapiException>(() => _files.Rename(new() { Path = At("one"), To = At("two"), Replace = false })).Message);
        Assert.Equal("two", File.ReadAllText(At("two")));
        _files.Rename(new() { Path = At("one"), To = At("two") });

        Assert.Equal("one", File.ReadAllText(At("two")));
        Assert.False(File.Exists(At("one")));
    }

    [Fact]
    public void What_is_given_changes_and_the_rest_stays()
    {
        File.WriteAllText(At("file"), "12345");
        File.SetLastAccessTimeUtc(At("file"), DateTime.UnixEpoch);

        _files.SetAttributes(new() { Path = At("file"), SizeBytes = 2, Mode = 0x9A0, ModifiedNs = -1 });

        GuestwireFileStatus status = _files.Stat(new() { Path = At("file") });
        Assert.Equal((2L, 0x9A0L, -1L, 0L), (status.SizeBytes, status.Mode, status.ModifiedNs, status.AccessedNs));
    }

    [Fact]
    public void A_part_that_makes_no_sense_keeps_all_of_it_from_changing()
    {
        File.WriteAllText(At("file"), "12345");
        File.CreateSymbolicLink(At("link"), "file");

        Assert.Throws<QapiException>(() => _files.SetAttributes(new() { Path = At("file"), SizeBytes = 1, Mode = 4096 }));
        Assert.Throws<QapiException>(() => _files.SetAttributes(new() { Path = At("file"), SizeBytes = 1, User = "no such user" }));
        Assert.Throws<QapiException>(() => _files.SetAttributes(new() { Path = At("link"), Follow = false, ModifiedNs = 1, Mode = 0 }));
        Assert.Throws<QapiException>(() => _files.SetAttributes(new() { Path = At(""), Mode = 0, SizeBytes = 1 }));

        Assert.Equal("12345", File.ReadAllText(At("file")));
        Assert.NotEqual(1, _files.Stat(new() { Path = At("link"), Follow = false }).ModifiedNs);
    }

    [Fact]
    public void Links_are_made_of_both_kinds()
    {
        File.WriteAllText(At("file"), "content");

        _files.Link(new() { Path = At("symbolic"), Target = "nowhere/at all" });
        _files.Link(new() { Path = At("hard"), Target = At("file"), Symbolic = false });

        Assert.Equal("nowhere/at all", new FileInfo(At("symbolic")).LinkTarget);
        Assert.Equal(2, _files.Stat(new() { Path = At("file") }).Links);
        Assert.Throws<QapiException>(() => _files.Link(new() { Path = At("hard"), Target = "x" }));
    }

    [Theory]
    [InlineData(null, null, "0123456789", 10)]
    [InlineData(3L, 4L, "3456", 4)]
    [InlineData(8L, 100L, "89", 2)]
    [InlineData(100L, null, "", 0)]
    [InlineData(0L, 0L, "", 0)]
    public void A_checksum_is_of_the_part_that_is_there(long? offset, long? count, string part, long size)
    {
        File.WriteAllText(At("file"), "0123456789");

        GuestwireFileChecksum checksum = _files.Checksum(new() { Path = At("file"), Offset = offset, Count = count });

        Assert.Equal(size, checksum.SizeBytes);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(part))), checksum.Sha256);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/tmp")]
    public void What_is_no_regular_file_has_no_checksum(string path) =>
        Assert.EndsWith("it is no regular file", Assert.Throws<QapiException>(() => _files.Checksum(new() { Path = path })).Message);

    [Theory]
    [InlineData("open/link/file")]
    [InlineData("open/../secret/file")]
    [InlineData("secret/file")]
    [InlineData("openly")]
    [InlineData("open")]
    [InlineData("open/")]
    public void Names_outside_what_a_rule_names_are_neither_made_nor_changed_nor_removed(string path)
    {
        Directory.CreateDirectory(At("open"));
        Directory.CreateDirectory(At("secret"));
        File.WriteAllText(At("secret/file"), "secret");
        File.WriteAllText(At("open/mine"), "mine");
        File.CreateSymbolicLink(At("open/link"), "../secret");
        FileTreeCommands files = Commands(new AccessRules { WritePaths = [At("open")] });

        AssertRefused(() => files.Remove(new() { Path = At(path), Recursive = true }));
        AssertRefused(() => files.Rename(new() { Path = At(path), To = At("open/got") }));
        AssertRefused(() => files.Rename(new() { Path = At("open/mine"), To = At(path) }));
        AssertRefused(() => files.Link(new() { Path = At("open/got"), Target = At(path), Symbolic = false }));
        AssertRefused(() => files.Link(new() { Path = At(path), Target = "x" }));
        AssertRefused(() => files.MakeDirectory(new() { Path = At(path) }));

        Assert.Equal(["link", "mine"], Directory.GetFileSystemEntries(At("open")).Select(entry => Path.GetFileName(entry)!).Order());
        Assert.Equal("secret", File.ReadAllText(At("secret/file")));
    }

    [Theory]
    [InlineData("open/link")]
    [InlineData("open/folder/file")]
    [InlineData("secret/file")]
    public void Files_outside_what_a_rule_names_are_neither_told_nor_changed(string path)
    {
        Directory.CreateDirectory(At("open"));
        Directory.CreateDirectory(At("secret"));
        File.WriteAllText(At("secret/file"), "secret");
        File.CreateSymbolicLink(At("open/link"), "../secret/file");
        File.CreateSymbolicLink(At("open/folder"), At("secret"));
        FileTreeCommands files = Commands(new AccessRules { ReadPaths = [At("open")], WritePaths = [At("open")] });

        AssertRefused(() => files.Stat(new() { Path = At(path) }));
        AssertRefused(() => files.Checksum(new() { Path = At(path) }));
        AssertRefused(() => files.List(new() { Path = At("open/folder") }));
        AssertRefused(() => files.SetAttributes(new() { Path = At(path), SizeBytes = 0 }));

        Assert.Equal("secret", File.ReadAllText(At("secret/file")));
    }

    [Fact]
    public void Beneath_what_a_rule_names_everything_goes_and_links_themselves_do()
    {
        Directory.CreateDirectory(At("open"));
        File.CreateSymbolicLink(At("open/outward"), "../secret");
        FileTreeCommands files = Commands(new AccessRules { ReadPaths = [At("open")], WritePaths = [At("open")] });

        files.MakeDirectory(new() { Path = At("open"), Parents = true });
        files.MakeDirectory(new() { Path = At("open/a/b"), Parents = true });
        File.WriteAllText(At("open/a/b/file"), "x");
        files.Rename(new() { Path = At("open/a/b/file"), To = At("open/moved") });
        files.SetAttributes(new() { Path = At("open/outward"), Follow = false, ModifiedNs = 5 });
        Assert.Equal(5, files.Stat(new() { Path = At("open/outward"), Follow = false }).ModifiedNs);
        files.Remove(new() { Path = At("open/outward") });
        files.Remove(new() { Path = At("open/a"), Recursive = true });

        Assert.Equal(["moved"], files.List(new() { Path = At("open") }).Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void A_rule_gives_no_programs_that_run_as_their_owner()
    {
        Directory.CreateDirectory(At("open/below"));
        File.WriteAllText(At("open/file"), "");
        FileTreeCommands files = Commands(new AccessRules { WritePaths = [At("open")] });

        AssertRefused(() => files.SetAttributes(new() { Path = At("open/file"), Mode = 0x9ED }));
        AssertRefused(() => files.SetAttributes(new() { Path = At("open/file"), Mode = 0x5ED }));
        files.SetAttributes(new() { Path = At("open/below"), Mode = 0x5ED });

        Assert.Equal((UnixFileMode)0x5ED, File.GetUnixFileMode(At("open/below")));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(At("open/file")) & (UnixFileMode.SetUser | UnixFileMode.SetGroup));
    }

    private static FileTreeCommands Commands(AccessRules rules) => new(new AccessPolicy(new AccessJudge(rules), new RecordedLog()), new RecordedLog());

    private static void AssertRefused(Action request) =>
        Assert.Equal(ErrorClass.CommandNotFound, Assert.Throws<QapiException>(request).ErrorClass);

    private string At(string path) => $"{_folder.FullName}/{path}";
}
