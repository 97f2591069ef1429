using Qapi.Generator.Emit;
using Qapi.Model;

namespace Qapi.Generator.Tests;

/// <summary>Conditions of the schema, evaluated for each platform.</summary>
public sealed class PlatformsTests
{
    [Theory]
    [InlineData("CONFIG_LINUX", "Linux")]
    [InlineData("CONFIG_POSIX", "Linux FreeBsd")]
    [InlineData("not(CONFIG_WIN32)", "Linux FreeBsd")]
    [InlineData("any(CONFIG_WIN32, CONFIG_LINUX)", "Linux Windows")]
    [InlineData("any(CONFIG_WIN32,CONFIG_LINUX)", "Linux Windows")]
    [InlineData("all(CONFIG_POSIX, not(CONFIG_LINUX))", "FreeBsd")]
    [InlineData("all(any(CONFIG_WIN32, CONFIG_POSIX), not(any(CONFIG_LINUX, CONFIG_WIN32)))", "FreeBsd")]
    [InlineData("all(CONFIG_LINUX, CONFIG_WIN32)", "")]
    public void A_condition_holds_where_its_symbols_are_defined(string condition, string platforms) =>
        Assert.Equal(platforms, string.Join(" ", Platforms.Of(new Condition(condition))));

    [Fact]
    public void Without_a_condition_a_command_exists_everywhere() =>
        Assert.Equal(["Linux", "Windows", "FreeBsd"], Platforms.Of(null));
}
