using Guestwire.Agent.Platform;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class AccountDatabaseTests
{
    [Fact]
    public void Root_is_user_zero_and_has_an_absolute_home()
    {
        Account root = new AccountDatabase().Find("root");

        Assert.Equal(("root", 0U, 0U), (root.Name, root.UserId, root.GroupId));
        Assert.StartsWith("/", root.Home, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no such user")]
    [InlineData("root\0")]
    public void An_unknown_account_is_refused_in_the_words_that_hosts_know(string name)
    {
        QapiException error = Assert.Throws<QapiException>(() => new AccountDatabase().Find(name));

        Assert.Equal($"failed to lookup user '{name}': Success", error.Message);
    }
}
