using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class AccountNamesTests
{
    [Fact]
    public void Numbers_have_names_and_names_have_numbers()
    {
        AccountNames names = new();

        Assert.Equal(("root", "root"), (names.OfUser(0), names.OfGroup(0)));
        Assert.Equal((0u, 0u), (AccountNames.FindUser("root"), AccountNames.FindGroup("root")));
    }

    [Fact]
    public void A_number_without_a_name_is_a_number_all_the_same()
    {
        Assert.Null(new AccountNames().OfUser(4_000_000_000));
        Assert.Equal(4_000_000_000, AccountNames.FindUser("4000000000"));
    }

    [Theory]
    [InlineData("no such user")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("4294967295")]
    public void What_is_neither_is_an_error(string name) =>
        Assert.Equal($"there is no user '{name}'", Assert.Throws<QapiException>(() => AccountNames.FindUser(name)).Message);

    [Fact]
    public void A_program_s_account_has_its_own_group_among_all_of_them()
    {
        ProgramAccount root = ProgramAccount.Find("0");

        Assert.Equal(("root", 0u), (root.Name, root.UserId));
        Assert.Contains(root.GroupId, root.Groups);
        Assert.Throws<QapiException>(() => ProgramAccount.Find("4000000000"));
    }
}
