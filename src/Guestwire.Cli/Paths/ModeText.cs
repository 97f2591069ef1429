namespace Guestwire.Cli.Paths;

/// <summary>
/// Permissions as chmod(1) takes them: octal (<c>0755</c>), or clauses with commas between them, each <c>[ugoa]*[-+=][rwxXst]*</c>.
/// Without a letter before the sign all three are meant, whatever the umask: the guest's is nobody's business here.
/// </summary>
internal static class ModeText
{
    private const int SetUser = 0x800;
    private const int SetGroup = 0x400;
    private const int Sticky = 0x200;
    private const int AnyExecute = 0x49;

    /// <summary>The permissions that come of a text.</summary>
    /// <param name="text">What somebody wrote.</param>
    /// <param name="mode">The permissions so far.</param>
    /// <param name="isDirectory">What <c>X</c> depends on.</param>
    /// <exception cref="UsageException">It is no mode.</exception>
    internal static int Apply(string text, int mode, bool isDirectory)
    {
        if (text.Length is > 0 and <= 5 && text.All(letter => letter is >= '0' and <= '7'))
        {
            int octal = Convert.ToInt32(text, 8);
            return octal <= 0xFFF ? octal : throw Wrong(text);
        }

        foreach (string clause in text.Split(','))
        {
            mode = Clause(text, clause, mode, isDirectory);
        }

        return mode;
    }

    /// <summary>Whether a text needs to know the permissions so far.</summary>
    internal static bool IsRelative(string text) => text.Length == 0 || !text.All(letter => letter is >= '0' and <= '7');

    private static int Clause(string text, string clause, int mode, bool isDirectory)
    {
        int sign = clause.AsSpan().IndexOfAny("+-=");
        if (sign < 0)
        {
            throw Wrong(text);
        }

        string who = clause[..sign].Replace("a", "ugo", StringComparison.Ordinal);
        if (who.Any(letter => letter is not ('u' or 'g' or 'o')))
        {
            throw Wrong(text);
        }

        who = who.Length == 0 ? "ugo" : who;
        int bits = 0;
        foreach (char letter in clause[(sign + 1)..])
        {
            bits |= letter switch
            {
                'r' => Spread(who, 4),
                'w' => Spread(who, 2),
                'x' => Spread(who, 1),
                'X' => isDirectory || (mode & AnyExecute) != 0 ? Spread(who, 1) : 0,
                's' => (who.Contains('u', StringComparison.Ordinal) ? SetUser : 0) | (who.Contains('g', StringComparison.Ordinal) ? SetGroup : 0),
                't' => Sticky,
                _ => throw Wrong(text),
            };
        }

        return clause[sign] switch
        {
            '+' => mode | bits,
            '-' => mode & ~bits,
            _ => (mode & ~Spread(who, 7)) | bits,
        };
    }

    private static int Spread(string who, int bits) =>
        (who.Contains('u', StringComparison.Ordinal) ? bits << 6 : 0)
        | (who.Contains('g', StringComparison.Ordinal) ? bits << 3 : 0)
        | (who.Contains('o', StringComparison.Ordinal) ? bits : 0);

    private static UsageException Wrong(string text) => new($"'{text}' is no mode; write it as 0644 or as u+x,go-w");
}
