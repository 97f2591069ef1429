using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Shows who is logged in.</summary>
internal sealed class UsersVerb : GuestVerb
{
    /// <inheritdoc/>
    internal override string Name => "users";

    /// <inheritdoc/>
    internal override string Summary => "Show who is logged in to a guest, and since when";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire users web1", "prints a line for each user"),
        ("guestwire users --all --json", "prints a line of JSON for each running guest"),
    ];

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation) =>
        new Result(await guest.GuestGetUsersAsync(cancellation).ConfigureAwait(false));

    private sealed class Result(IReadOnlyList<GuestUser> users) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            if (users.Count == 0)
            {
                console.WriteLine("nobody is logged in");
                return;
            }

            Table table = Terminal.Table("User", "Since");
            foreach (GuestUser user in users)
            {
                table.AddCells(
                    user.Domain is { Length: > 0 } domain ? $"{domain}\\{user.User}" : user.User,
                    HumanText.Time(DateTimeOffset.UnixEpoch.AddSeconds(user.LoginTime)));
            }

            console.WriteTable(table);
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer) => Wire.Write(writer, json => GuestUserCodec.WriteList(json, users));
    }
}
