namespace Guestwire.Fuzz.Targets;

/// <summary>Every target.</summary>
internal static class TargetList
{
    /// <summary>In the order in which they are searched.</summary>
    internal static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new FramerTarget(),
        new SpaceTarget(),
        new JsonTarget(),
        new RequestTarget(),
        new SchemaTarget(),
        new ConfigurationTarget(),
        new PolicyTarget(),
        new PatternTarget(),
        new MountTarget(),
        new RouteTarget(),
        new InterfaceTarget(),
        new DiskTarget(),
        new ProcessorTarget(),
        new OsReleaseTarget(),
        new LoginTarget(),
        new AuthorizedKeysTarget(),
    ];

    /// <summary>The target of that name, or null.</summary>
    internal static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
