using System.CommandLine;
using System.Text;
using Guestwire.Cli.Output;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Sets the password of an account.</summary>
internal sealed class PasswdVerb : GuestVerb
{
    private readonly Option<bool> _stdin = new("--stdin") { Description = "read the password from standard input, where it is the first line" };
    private readonly Option<bool> _crypted = new("--crypted") { Description = "what is read is a hash as crypt(3) makes it, and is stored as it is" };
    private readonly Lock _reading = new();
    private byte[]? _password;

    /// <inheritdoc/>
    internal override string Name => "passwd";

    /// <inheritdoc/>
    internal override string Summary => "Set the password of an account in a guest";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire passwd web1 alice", "asks for the new password twice, without showing it"),
        ("pwgen 20 1 | guestwire passwd web1 root --stdin", "takes the password from a pipe"),
        ("openssl passwd -6 | guestwire passwd web1 alice --stdin --crypted", "sets a hash, so that the guest never sees the password"),
    ];

    /// <inheritdoc/>
    internal override string Remarks =>
        "The last word is the account, those before it are guests; with --all it is the only one. There is no way to give the password on the command line, "
        + "where other users of this host could see it.";

    /// <inheritdoc/>
    private protected override string[] NamesOf(string[] words) => words[..^1];

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        Guests.HelpName = "GUEST... USER";
        Guests.Arity = ArgumentArity.OneOrMore;
        command.Options.Add(_stdin);
        command.Options.Add(_crypted);
    }

    /// <inheritdoc/>
    private protected override void Check(ParseResult parsed)
    {
        if (parsed.GetValue(Guests) is not { } words || (words.Length < 2 && !parsed.GetValue(Options.All)))
        {
            throw new UsageException("name a guest and an account: guestwire passwd GUEST USER");
        }

        if (!parsed.GetValue(_stdin) && !Surroundings.Of(parsed).IsInputTerminal)
        {
            throw new UsageException("there is no terminal to ask for the password; --stdin takes it from standard input");
        }
    }

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        string user = parsed.GetValue(Guests)![^1];
        byte[] password;
        lock (_reading)
        {
            // Asked once, also for several guests.
            password = _password ??= Read(parsed, user);
        }

        await guest.GuestSetUserPasswordAsync(user, password, parsed.GetValue(_crypted), cancellation).ConfigureAwait(false);
        return new QuietResult($"the password of {HumanText.Safe(user)} is set");
    }

    private byte[] Read(ParseResult parsed, string user)
    {
        Surroundings surroundings = Surroundings.Of(parsed);
        string password = parsed.GetValue(_stdin)
            ? surroundings.Input.ReadLine() ?? throw new UsageException("standard input ends before there is a password")
            : Ask(surroundings, user, parsed.GetValue(_crypted) ? "Hash" : "New password");
        if (password.Length == 0)
        {
            throw new UsageException("the password is empty; nothing was changed");
        }

        return parsed.GetValue(_crypted) && password.AsSpan().ContainsAny(':', ' ')
            ? throw new UsageException("a hash has neither colons nor blanks; nothing was changed")
            : Encoding.UTF8.GetBytes(password);
    }

    private static string Ask(Surroundings surroundings, string user, string what)
    {
        string first = Prompt(surroundings, $"{what} of {user}: ");
        return first == Prompt(surroundings, "Once more: ") ? first : throw new UsageException("they differ; nothing was changed");
    }

    private static string Prompt(Surroundings surroundings, string text) =>
        surroundings.ReadSecret(surroundings.Error, text) ?? throw new UsageException("no password was given; nothing was changed");
}
