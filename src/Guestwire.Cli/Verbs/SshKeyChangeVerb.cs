using System.CommandLine;
using Guestwire.Client;

namespace Guestwire.Cli.Verbs;

/// <summary>Changes the keys of an account. Words with a blank in them are keys; of the others the last is the account.</summary>
internal abstract class SshKeyChangeVerb : GuestVerb
{
    private readonly Option<string[]> _files = new("--file", "-f") { Description = "a file with public keys, a line each; - is standard input; may be repeated", HelpName = "FILE" };
    private AuthorizedKey[] _keys = [];

    /// <inheritdoc/>
    internal override string Remarks =>
        "A key is one word, so quote it. Of the other words the last is the account, those before it are guests; with --all it is the only one. "
        + "Every key is checked before anything is sent.";

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        Guests.HelpName = "GUEST... USER [KEY...]";
        Guests.Arity = ArgumentArity.OneOrMore;
        command.Options.Add(_files);
    }

    /// <inheritdoc/>
    private protected override void Check(ParseResult parsed)
    {
        string[] words = parsed.GetValue(Guests) ?? [];
        if (words.Count(word => !IsKey(word)) < (parsed.GetValue(Options.All) ? 1 : 2))
        {
            throw new UsageException($"name a guest and an account: guestwire ssh-key {Name} GUEST USER KEY");
        }

        List<AuthorizedKey> keys = [.. words.Where(IsKey).Select(word => AuthorizedKey.Parse(word, "the key"))];
        foreach (string file in parsed.GetValue(_files) ?? [])
        {
            keys.AddRange(Read(parsed, file));
        }

        _keys = keys.Count > 0 ? [.. keys] : throw new UsageException("give a key in quotes, or a file with keys: -f FILE");
    }

    /// <inheritdoc/>
    private protected sealed override string[] NamesOf(string[] words) => [.. words.Where(word => !IsKey(word)).SkipLast(1)];

    /// <inheritdoc/>
    private protected sealed override Task<Output.VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation) =>
        ChangeAsync(guest, parsed, parsed.GetValue(Guests)!.Last(word => !IsKey(word)), _keys, cancellation);

    /// <summary>Changes them in one guest.</summary>
    private protected abstract Task<Output.VerbResult> ChangeAsync(
        GuestClient guest, ParseResult parsed, string user, IReadOnlyList<AuthorizedKey> keys, CancellationToken cancellation);

    private static bool IsKey(string word) => word.Any(char.IsWhiteSpace);

    private static IEnumerable<AuthorizedKey> Read(ParseResult parsed, string file)
    {
        string text;
        try
        {
            text = file == "-" ? Surroundings.Of(parsed).Input.ReadToEnd() : File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(exception.Message, exception);
        }

        AuthorizedKey[] keys =
        [
            .. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(line => AuthorizedKey.Parse(line, file)),
        ];
        return keys.Length > 0 ? keys : throw new UsageException($"{file} has no key");
    }
}
