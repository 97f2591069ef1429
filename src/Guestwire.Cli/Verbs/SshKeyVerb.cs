using System.CommandLine;
using Guestwire.Cli.Targets;

namespace Guestwire.Cli.Verbs;

/// <summary>The keys with which one may log in as a user of a guest.</summary>
internal sealed class SshKeyVerb : Verb
{
    /// <inheritdoc/>
    internal override string Name => "ssh-key";

    /// <inheritdoc/>
    internal override string Summary => "List, add or remove the SSH keys of an account in a guest";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire ssh-key list web1 alice", "prints the keys with which one may log in as alice"),
        ("guestwire ssh-key add web1 alice -f ~/.ssh/id_ed25519.pub", "lets the owner of that key log in as alice"),
        ("guestwire ssh-key remove web1 alice 'ssh-ed25519 AAAA...'", "takes the key away, whatever its comment and options are"),
    ];

    /// <inheritdoc/>
    private protected override void Declare(Command command)
    {
        command.Subcommands.Add(new SshKeyListVerb().Build());
        command.Subcommands.Add(new SshKeyAddVerb().Build());
        command.Subcommands.Add(new SshKeyRemoveVerb().Build());
    }

    /// <inheritdoc/>
    private protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) =>
        throw new UsageException($"say what to do with the keys: list, add or remove GUEST USER; a guest is {TargetForms.Text}");
}
