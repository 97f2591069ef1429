namespace Guestwire.Agent.Daemon.Options;

/// <summary>One long option and the short one that means the same.</summary>
/// <param name="LongName">The name after the two dashes.</param>
/// <param name="Code">The short option's letter. Long names that share it are aliases of each other.</param>
/// <param name="Argument">Whether an argument follows.</param>
internal sealed record OptionDefinition(string LongName, char Code, OptionArgument Argument);
