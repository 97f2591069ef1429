using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class HookDirectoryTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guestwire-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Executable_files_are_hooks_in_the_order_of_the_bytes_of_their_names()
    {
        foreach (string name in (string[])["20-b", "10-a", "Z", "b.sh", "9"])
        {
            Make(name);
        }

        Make("switched-off", UnixFileMode.UserRead);
        Directory.CreateDirectory(At("folder"));

        Assert.Equal(["10-a", "20-b", "9", "Z", "b.sh"], List().Select(hook => Path.GetFileName(hook.Path)));
        Assert.All(List(), hook => Assert.Null(hook.Refusal));
    }

    [Theory]
    [InlineData("10-postgresql", true)]
    [InlineData("a_B.9", true)]
    [InlineData("a~", false)]
    [InlineData(".hidden", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("a.dpkg-new", false)]
    [InlineData("a.dpkg-old.x", false)]
    [InlineData("a.bak", false)]
    [InlineData("a.orig", false)]
    [InlineData("a.rpmsave", false)]
    [InlineData("a.sample", false)]
    [InlineData("bak", true)]
    public void What_editors_and_package_managers_leave_is_none(string name, bool isHook) => Assert.Equal(isHook, HookDirectory.IsNameOfHook(name));

    [Fact]
    public void Without_the_folder_there_are_none() => Assert.Empty(new HookDirectory(At("none")).List());

    [Fact]
    public void A_folder_that_is_none_is_an_error()
    {
        Make("file");

        Assert.Contains("Not a directory", Assert.Throws<QapiException>(() => new HookDirectory(At("file")).List()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void One_that_others_can_write_is_refused(UnixFileMode more)
    {
        Make("10-a", Executable | more);

        Assert.Equal($"'{At("10-a")}' can be written by others than its owner", Assert.Single(List()).Refusal);
    }

    [Fact]
    public void One_in_a_folder_that_others_can_write_is_refused()
    {
        Make("10-a");
        _folder.UnixFileMode |= UnixFileMode.GroupWrite;

        Assert.Equal($"'{_folder.FullName}' can be written by others than its owner", Assert.Single(List()).Refusal);
    }

    [Fact]
    public void A_link_is_as_good_as_what_it_leads_to_and_the_folders_on_the_way()
    {
        DirectoryInfo hooks = _folder.CreateSubdirectory("hooks.d");
        DirectoryInfo other = _folder.CreateSubdirectory("other");
        Make("other/program");
        File.CreateSymbolicLink(At("hooks.d/10-a"), "../other/program");
        HookDirectory directory = new(hooks.FullName);
        Assert.Null(Assert.Single(directory.List()).Refusal);

        other.UnixFileMode |= UnixFileMode.OtherWrite;
        Assert.Equal($"'{other.FullName}' can be written by others than its owner", Assert.Single(directory.List()).Refusal);

        // In such a folder others cannot replace what is not theirs.
        other.UnixFileMode |= UnixFileMode.StickyBit;
        Assert.Null(Assert.Single(directory.List()).Refusal);

        hooks.UnixFileMode |= UnixFileMode.OtherWrite;
        Assert.Equal($"'{hooks.FullName}' can be written by others than its owner", Assert.Single(directory.List()).Refusal);
    }

    [Fact]
    public void A_link_to_nothing_is_refused()
    {
        File.CreateSymbolicLink(At("10-a"), "/no/such/program");

        Assert.Equal("it leads to nothing", Assert.Single(List()).Refusal);
    }

    private void Make(string name, UnixFileMode mode = Executable)
    {
        File.WriteAllText(At(name), "#!/bin/sh\n");
        File.SetUnixFileMode(At(name), mode);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private IReadOnlyList<HookFile> List() => new HookDirectory(_folder.FullName).List();
}
