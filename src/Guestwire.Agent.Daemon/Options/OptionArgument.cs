namespace Guestwire.Agent.Daemon.Options;

/// <summary>Whether an option of the command line takes an argument.</summary>
internal enum OptionArgument
{
    /// <summary>Never; <c>--name=x</c> is an error.</summary>
    None,

    /// <summary>Always: the rest of the word, or the next word whatever it looks like.</summary>
    Required,

    /// <summary>Only when it is attached: <c>-Fx</c> or <c>--name=x</c>.</summary>
    Optional,
}
