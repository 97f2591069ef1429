using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Lists the keys of an account.</summary>
internal sealed class SshKeyListVerb : GuestVerb
{
    /// <inheritdoc/>
    internal override string Name => "list";

    /// <inheritdoc/>
    internal override string Summary => "List the SSH keys of an account";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
        [("guestwire ssh-key list web1 alice", "prints the keys with which one may log in as alice, a line each")];

    /// <inheritdoc/>
    internal override string Remarks => "The last word is the account, those before it are guests; with --all it is the only one.";

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        Guests.HelpName = "GUEST... USER";
        Guests.Arity = ArgumentArity.OneOrMore;
    }

    /// <inheritdoc/>
    private protected override string[] NamesOf(string[] words) => words[..^1];

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        string user = parsed.GetValue(Guests)![^1];
        return new Result((await guest.GuestSshGetAuthorizedKeysAsync(user, cancellation).ConfigureAwait(false)).Keys);
    }

    private sealed class Result(IReadOnlyList<string> keys) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            foreach (string key in keys)
            {
                console.Profile.Out.Writer.WriteLine(HumanText.Safe(key));
            }
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("keys");
            foreach (string key in keys)
            {
                writer.WriteStringValue(key);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }
}
