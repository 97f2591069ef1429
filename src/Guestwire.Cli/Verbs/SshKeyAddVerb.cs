using System.CommandLine;
using Guestwire.Cli.Output;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Adds keys to an account.</summary>
internal sealed class SshKeyAddVerb : SshKeyChangeVerb
{
    private readonly Option<bool> _replace = new("--replace") { Description = "remove all other keys of the account" };

    /// <inheritdoc/>
    internal override string Name => "add";

    /// <inheritdoc/>
    internal override string Summary => "Add SSH keys to an account";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire ssh-key add web1 alice -f ~/.ssh/id_ed25519.pub", "lets the owner of that key log in as alice"),
        ("guestwire ssh-key add --all root --replace -f admins", "makes the keys in the file admins the only ones of root, in every guest"),
    ];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        base.DeclareMore(command);
        command.Options.Add(_replace);
    }

    /// <inheritdoc/>
    private protected override async Task<VerbResult> ChangeAsync(
        GuestClient guest, ParseResult parsed, string user, IReadOnlyList<AuthorizedKey> keys, CancellationToken cancellation)
    {
        bool? replace = parsed.GetValue(_replace) ? true : null;
        await guest.GuestSshAddAuthorizedKeysAsync(user, [.. keys.Select(key => key.Line)], replace, cancellation).ConfigureAwait(false);
        return new QuietResult(replace is null ? $"{user} has {Count(keys)} more, unless they were there" : $"{user} has {Count(keys)}, and no other");
    }

    private static string Count(IReadOnlyList<AuthorizedKey> keys) => keys.Count == 1 ? "1 key" : $"{keys.Count} keys";
}
