using Guestwire.Agent.Commands;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Tests.Policy;

public sealed class AccessPolicyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guestwire-");
    private readonly RecordedLog _log = new();

    public AccessPolicyTests()
    {
        Directory.CreateDirectory(At("open/below"));
        Directory.CreateDirectory(At("openly"));
        File.WriteAllText(At("open/file"), "open");
        File.WriteAllText(At("open/below/file"), "below");
        File.WriteAllText(At("openly/file"), "other");
        File.WriteAllText(At("secret"), "secret");
        File.CreateSymbolicLink(At("open/inward"), "below/file");
        File.CreateSymbolicLink(At("open/outward"), "../secret");
        File.CreateSymbolicLink(At("open/absolute"), At("secret"));
        File.CreateSymbolicLink(At("open/folder"), "..");
        File.CreateSymbolicLink(At("named"), "secret");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("open/file")]
    [InlineData("open/below/file")]
    [InlineData("open//below/../file")]
    [InlineData("open/inward")]
    public void What_lies_beneath_a_named_folder_opens(string path)
    {
        using OpenFile file = OpenFile.Open(At(path), "r", Reading("open"));

        Assert.True(file.Read(new byte[10], out _) > 0);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("openly/file")]
    [InlineData("open/../secret")]
    [InlineData("open/below/../../secret")]
    [InlineData("open/outward")]
    [InlineData("open/absolute")]
    [InlineData("open/folder/secret")]
    [InlineData("open/../openly/file")]
    public void What_leads_out_of_it_is_refused_as_a_disabled_command_is(string path)
    {
        QapiException error = Assert.Throws<QapiException>(() => OpenFile.Open(At(path), "r", Reading("open")));

        Assert.Equal(ErrorClass.CommandNotFound, error.ErrorClass);
        Assert.Equal("Command guest-file-open has been disabled: the command is not allowed", error.Message);
        Assert.Contains("refused by read-paths", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_path_lies_beneath_nothing() =>
        Assert.Throws<QapiException>(() => OpenFile.Open("etc/hosts", "r", Policy(new AccessRules { ReadPaths = [""] })));

    [Fact]
    public void The_root_names_everything()
    {
        using OpenFile file = OpenFile.Open(At("secret"), "r", Policy(new AccessRules { ReadPaths = [""] }));

        Assert.Equal(6, file.Read(new byte[10], out _));
    }

    [Fact]
    public void A_file_that_is_named_itself_opens_link_or_not()
    {
        using OpenFile file = OpenFile.Open(At("named"), "r", Reading("named"));

        Assert.Equal(6, file.Read(new byte[10], out _));
    }

    [Theory]
    [InlineData("w")]
    [InlineData("a")]
    [InlineData("r+")]
    [InlineData("w+")]
    public void A_folder_for_reading_is_none_for_writing(string mode)
    {
        AccessPolicy policy = Policy(new AccessRules { ReadPaths = [At("open")], WritePaths = [] });

        Assert.Throws<QapiException>(() => OpenFile.Open(At("open/file"), mode, policy));

        Assert.Equal("open", File.ReadAllText(At("open/file")));
    }

    [Theory]
    [InlineData("open/fresh", true)]
    [InlineData("secret", false)]
    [InlineData("open/outward", false)]
    [InlineData("open/folder/fresh", false)]
    public void Writing_makes_and_changes_files_beneath_alone(string path, bool may)
    {
        AccessPolicy policy = Policy(new AccessRules { WritePaths = [At("open")] });

        Exception? error = Record.Exception(() => OpenFile.Open(At(path), "w", policy).Dispose());

        Assert.Equal(may, error is null);
        Assert.Equal(may, File.Exists(At("open/fresh")));
        Assert.False(File.Exists(At("fresh")));
        Assert.Equal("secret", File.ReadAllText(At("secret")));
    }

    [Fact]
    public void For_both_a_path_must_lie_in_both()
    {
        AccessPolicy policy = Policy(new AccessRules { ReadPaths = [At("open")], WritePaths = [At("open/below")] });

        OpenFile.Open(At("open/below/file"), "r+", policy).Dispose();
        Assert.Throws<QapiException>(() => OpenFile.Open(At("open/file"), "r+", policy));
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_refused_but_missing()
    {
        QapiException error = Assert.Throws<QapiException>(() => OpenFile.Open(At("open/none"), "r", Reading("open")));

        Assert.Equal(ErrorClass.GenericError, error.ErrorClass);
        Assert.EndsWith("No such file or directory", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bin/tool", "--unit nginx", null, false, true)]
    [InlineData("/bin/tool", "--unit nginx more and-more", null, false, true)]
    [InlineData("/bin/tool", "--unit", null, false, false)]
    [InlineData("/bin/tool", "--unit -x", null, false, false)]
    [InlineData("/bin/tool", "", null, false, false)]
    [InlineData("tool", "--unit nginx", null, false, false)]
    [InlineData("/bin/./tool", "--unit nginx", null, false, false)]
    [InlineData("/bin/tool", "--unit nginx", "LANG=C", false, true)]
    [InlineData("/bin/tool", "--unit nginx", "LD_PRELOAD=/tmp/x.so", false, false)]
    [InlineData("/bin/tool", "--unit nginx", "LANG", false, false)]
    [InlineData("/bin/tool", "--unit nginx", null, true, false)]
    [InlineData("/bin/reader", "", null, true, true)]
    [InlineData("/bin/reader", "x", null, false, false)]
    public void A_program_runs_only_as_a_rule_says(string path, string arguments, string? variable, bool hasInput, bool may)
    {
        AccessPolicy policy = Policy(new AccessRules
        {
            Programs =
            [
                new ExecRule
                {
                    Name = "tool",
                    Program = "/bin/tool",
                    Arguments = [new ArgumentPattern("--unit"), new ArgumentPattern("*")],
                    AllowsFurtherArguments = true,
                    Environment = ["LANG"],
                },
                new ExecRule { Name = "reader", Program = "/bin/reader", AllowsInput = true },
            ],
        });

        Exception? error = Record.Exception(() => policy.RequireProgram(new GuestExecArguments
        {
            Path = path,
            Arg = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Env = variable is null ? null : [variable],
            InputData = hasInput ? new Base64Text() : null,
        }));

        Assert.Equal(may, error is null);
    }

    [Theory]
    [InlineData(null, null, true, false)]
    [InlineData("deploy", null, false, true)]
    [InlineData("deploy", "/srv/app", false, true)]
    [InlineData("deploy", "/srv/app/", false, false)]
    [InlineData("deploy", "/srv/app/below", false, false)]
    [InlineData("deploy", "/", false, false)]
    [InlineData("root", "/srv/app", false, false)]
    [InlineData("1000", null, false, false)]
    [InlineData(null, "/srv/app", false, false)]
    public void A_user_and_a_folder_are_named_by_the_rule_or_not_at_all(string? user, string? folder, bool byPlain, bool byNamed)
    {
        GuestExecArguments request = new() { Path = "/bin/tool", User = user, Cwd = folder };
        ExecRule plain = new() { Name = "plain", Program = "/bin/tool" };

        Assert.Equal(byPlain, plain.Allows(request));
        Assert.Equal(byNamed, (plain with { Users = ["deploy"], Folders = ["/srv/app"] }).Allows(request));
    }

    [Theory]
    [InlineData(false, null, true)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public void Input_that_comes_later_is_input(bool allowsInput, bool? streams, bool may)
    {
        ExecRule rule = new() { Name = "tool", Program = "/bin/tool", AllowsInput = allowsInput };

        Assert.Equal(may, rule.Allows(new GuestExecArguments { Path = "/bin/tool", StreamInput = streams }));
    }

    [Fact]
    public void Only_named_users_are_open()
    {
        AccessPolicy policy = Policy(new AccessRules { Users = ["alice"] });

        policy.RequireUser(CommandId.GuestSetUserPassword, "alice");
        QapiException error = Assert.Throws<QapiException>(() => policy.RequireUser(CommandId.GuestSetUserPassword, "root"));

        Assert.Equal("Command guest-set-user-password has been disabled: the command is not allowed", error.Message);
    }

    private AccessPolicy Reading(string path) => Policy(new AccessRules { ReadPaths = [At(path)] });

    private AccessPolicy Policy(AccessRules rules) => new(new AccessJudge(rules), _log);

    private string At(string path) => $"{_folder.FullName}/{path}";
}
