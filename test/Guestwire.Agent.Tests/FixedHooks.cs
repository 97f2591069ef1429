using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests;

/// <summary>A folder of hooks that only exist on paper.</summary>
internal sealed class FixedHooks(params string[] names) : IHookDirectory
{
    /// <summary>The names of those in it, in order.</summary>
    internal List<string> Names { get; } = [.. names];

    /// <summary>Which of them cannot be trusted.</summary>
    internal string? Untrusted { get; set; }

    /// <summary>Whether the folder is there but cannot be read.</summary>
    internal bool IsUnreadable { get; set; }

    /// <inheritdoc/>
    public string Path { get; init; } = "/hooks.d";

    /// <inheritdoc/>
    public IReadOnlyList<HookFile> List() => IsUnreadable
        ? throw new QapiException("cannot read the folder")
        : [.. Names.Select(name => new HookFile($"{Path}/{name}", name == Untrusted ? "anybody can write it" : null))];
}
