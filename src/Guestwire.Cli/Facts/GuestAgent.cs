using Guestwire.Client;

namespace Guestwire.Cli.Facts;

/// <summary>Which agent it is.</summary>
/// <param name="features">What it can do.</param>
internal sealed class GuestAgent(GuestFeatures features)
{
    private const string OwnPrefix = "__org.guestwire_";
    private const string WindowsCommand = "guest-get-devices";

    /// <summary>Whether it is Guestwire's. One without extensions cannot be told from the original, and need not be.</summary>
    internal bool IsGuestwire { get; } = features.Commands.Any(command => command.StartsWith(OwnPrefix, StringComparison.Ordinal));

    /// <summary>A word for programs.</summary>
    internal string Kind => IsGuestwire ? "guestwire" : "qemu-ga";

    /// <summary>For people. The version of Guestwire's is that of the protocol.</summary>
    internal string Text => IsGuestwire ? $"Guestwire, protocol {features.Version}" : $"qemu-ga {features.Version}";

    /// <summary>The commands that it has and does not let hosts use; without what qemu-ga lists on every Linux though it is of Windows alone.</summary>
    internal IReadOnlyList<string> Disabled { get; } =
        [.. features.Commands.Where(command => !features.IsEnabled(command) && command != WindowsCommand).Order(StringComparer.Ordinal)];
}
