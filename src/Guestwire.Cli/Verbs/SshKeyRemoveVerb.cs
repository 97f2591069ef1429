using System.CommandLine;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Verbs;

/// <summary>Takes keys away from an account.</summary>
internal sealed class SshKeyRemoveVerb : SshKeyChangeVerb
{
    /// <inheritdoc/>
    internal override string Name => "remove";

    /// <inheritdoc/>
    internal override string Summary => "Remove SSH keys from an account";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
        [("guestwire ssh-key remove web1 alice 'ssh-ed25519 AAAA...'", "takes the key away, whatever its comment and options are")];

    /// <inheritdoc/>
    private protected override async Task<VerbResult> ChangeAsync(
        GuestClient guest, ParseResult parsed, string user, IReadOnlyList<AuthorizedKey> keys, CancellationToken cancellation)
    {
        // The agent compares whole lines, with comment and options as they stand in the guest.
        IReadOnlyList<string> present = (await guest.GuestSshGetAuthorizedKeysAsync(user, cancellation).ConfigureAwait(false)).Keys;
        string[] lines = [.. present.Where(line => AuthorizedKey.TryParse(line) is { } key && keys.Any(key.IsSameKey))];
        if (lines.Length == 0)
        {
            throw new QapiException($"{user} has no such key");
        }

        await guest.GuestSshRemoveAuthorizedKeysAsync(user, lines, cancellation).ConfigureAwait(false);
        return new QuietResult(lines.Length == 1 ? $"1 key of {user} is removed" : $"{lines.Length} keys of {user} are removed");
    }
}
