using Guestwire.Agent.Platform;
using Guestwire.Agent.State;

namespace Guestwire.Agent.Tests.State;

public sealed class FreezeChoiceTests
{
    private const string Excluded = "excluded by 'exclude' of the configuration";
    private const string NotIncluded = "not in 'include' of the configuration";

    private static readonly Mount[] Data = [new(254, 0, "/data", "ext4", "/dev/vda"), new(254, 0, "/srv/bind", "ext4", "/dev/vda")];

    [Theory]
    [InlineData("", "", null)]
    [InlineData("/data", "", Excluded)]
    [InlineData("/srv/bind", "", Excluded)]
    [InlineData("xfs,ext4", "", Excluded)]
    [InlineData("/dat,/data/more,ext", "", null)]
    [InlineData("", "/srv/bind", null)]
    [InlineData("", "ext4", null)]
    [InlineData("", "/other,xfs", NotIncluded)]
    [InlineData("/data", "ext4", Excluded)]
    [InlineData("/data", "/data", Excluded)]
    public void Exclude_wins_over_include_and_an_empty_include_is_all(string exclude, string include, string? expected) =>
        Assert.Equal(expected, new FreezeChoice(new FreezeSettings { Exclude = List(exclude), Include = List(include) }).WhyNot(Data));

    private static string[] List(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
