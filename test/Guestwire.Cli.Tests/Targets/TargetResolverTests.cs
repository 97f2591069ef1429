using Guestwire.Cli.Targets;
using Guestwire.Client;

namespace Guestwire.Cli.Tests.Targets;

public sealed class TargetResolverTests
{
    private static readonly TargetResolver s_resolver = new(
    [
        new FixedGuests(Named("web1"), Named("web2"), Named("db1", "shut off")) { Name = "first" },
        new FixedGuests(new Target("web1", new UnixTransport("/other")), Named("cache", "running")) { Name = "second" },
    ]);

    [Fact]
    public async Task The_first_source_that_knows_a_name_is_right() =>
        Assert.Equal(new UnixTransport("/run/web1"), Assert.Single(await ResolveAsync("web1")).Transport);

    [Fact]
    public async Task A_pattern_means_every_guest_that_it_matches() =>
        Assert.Equal(["web1", "web2"], (await ResolveAsync("web*")).Select(target => target.Name));

    [Fact]
    public async Task A_guest_that_is_named_twice_is_meant_once() =>
        Assert.Equal(["web2", "web1"], (await ResolveAsync("web2", "web?", "unix:/run/web1")).Select(target => target.Name));

    [Fact]
    public async Task All_are_those_that_may_run() =>
        Assert.Equal(["web1", "web2", "cache"], (await s_resolver.ResolveAsync([], all: true, default)).Select(target => target.Name));

    [Theory]
    [InlineData("nobody", "there is no guest 'nobody'; looked in first, second")]
    [InlineData("x*", "no guest matches 'x*'; looked in first, second")]
    public async Task A_name_that_nobody_knows_is_wrong_usage(string name, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<UsageException>(() => ResolveAsync(name))).Message);

    private static Task<IReadOnlyList<Target>> ResolveAsync(params string[] names) => s_resolver.ResolveAsync(names, all: false, default);

    private static Target Named(string name, string? state = null) => new(name, new UnixTransport($"/run/{name}"), state);
}
